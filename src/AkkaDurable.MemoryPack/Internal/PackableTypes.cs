using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace AkkaDurable.MemoryPack.Internal;

/// <summary>
/// Tells why a type cannot be had, looking at all that it is made of: MemoryPack finds out about a part without a formatter only when it meets a value of it, and a part that is a <see cref="Type"/> it would read by loading
/// whatever type the bytes name.
/// </summary>
internal static class PackableTypes
{
    private static readonly ConcurrentDictionary<Type, string?> s_known = new();

    /// <summary>As what must be otherwise; null: nothing is against it.</summary>
    public static string? RefusalOf(Type type) => s_known.TryGetValue(type, out var known) ? known : s_known.GetOrAdd(type, static t => Check(t, []));

    private static string? Check(Type type, HashSet<Type> underway)
    {
        if (!underway.Add(type) || type.IsPrimitive || type.IsEnum || type == typeof(string))
        {
            return null;
        }

        if (typeof(Type).IsAssignableFrom(type))
        {
            return "it must contain no System.Type, which would be loaded by the name that is read";
        }

        if (!HasFormatter(type))
        {
            return $"{type.Name} must have the attribute [MemoryPackable], or a formatter that is registered before";
        }

        return PartsOf(type).Select(part => Check(part, underway)).FirstOrDefault(static refusal => refusal is not null);
    }

    // MemoryPack does not say which formatters there are; but one that is missing cannot even write null. Of structs there is no null, and nearly all need no formatter.
    private static bool HasFormatter(Type type)
    {
        if (type.IsValueType || type.IsDefined(typeof(MemoryPackableAttribute), inherit: false))
        {
            return true;
        }

        try
        {
            MemoryPackSerializer.Serialize(type, value: null);
            return true;
        }
        catch (MemoryPackSerializationException)
        {
            return false;
        }
    }

    private static IEnumerable<Type> PartsOf(Type type)
    {
        if (type.HasElementType)
        {
            return [type.GetElementType()!];
        }

        // What a formatter that is not generated does with the type is its own affair; of the collections it is their elements.
        return type.GetGenericArguments()
            .Concat(type.GetCustomAttributes<MemoryPackUnionAttribute>(inherit: false).Select(static union => union.Type))
            .Concat(type.IsDefined(typeof(MemoryPackableAttribute), inherit: false) ? MembersOf(type) : []);
    }

    private static IEnumerable<Type> MembersOf(Type type)
    {
        for (var current = type; current is not null && current != typeof(object) && current != typeof(ValueType); current = current.BaseType)
        {
            foreach (var member in current.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var (memberType, isPublic) = member switch
                {
                    FieldInfo field when !field.IsDefined(typeof(CompilerGeneratedAttribute)) => (field.FieldType, field.IsPublic),
                    PropertyInfo { GetMethod: { } get } property when property.GetIndexParameters().Length == 0 => (property.PropertyType, get.IsPublic),
                    _ => (null, false),
                };
                if (memberType is not null && !member.IsDefined(typeof(MemoryPackIgnoreAttribute)) && (isPublic || member.IsDefined(typeof(MemoryPackIncludeAttribute))))
                {
                    yield return memberType;
                }
            }
        }
    }
}
