using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace AkkaDurable.Internal.State;

/// <summary>
/// Tells whether a type is immutable all the way down. Only then "the handler returned the same object" proves "nothing changed". When in doubt the answer is no: such a
/// state is written as JSON and compared, which is slower and always right.
/// </summary>
internal static class ImmutableTypes
{
    private static readonly FrozenSet<Type> s_leaves = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(System.Numerics.BigInteger), typeof(System.Text.Rune),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> s_containers = new[]
    {
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>),
    }.ToFrozenSet();

    private static readonly ConcurrentDictionary<Type, bool> s_known = new();

    public static bool IsDeeplyImmutable(Type type) => s_known.GetOrAdd(type, static t => Check(t, []));

    private static bool Check(Type type, HashSet<Type> underway)
    {
        if (type.IsPrimitive || type.IsEnum || s_leaves.Contains(type))
        {
            return true;
        }

        // A type that contains itself, such as a tree, is immutable if everything else in it is.
        if (!underway.Add(type))
        {
            return true;
        }

        if (type.IsGenericType && s_containers.Contains(type.GetGenericTypeDefinition()))
        {
            return type.GetGenericArguments().All(argument => Check(argument, underway));
        }

        // A class that can be derived from may be something else at run time; structs and sealed classes are what they say.
        if (!type.IsValueType && (!type.IsSealed || type.IsArray || type.IsSubclassOf(typeof(Delegate))))
        {
            return false;
        }

        return FieldsOf(type).All(field => (field.IsInitOnly || type.IsValueType) && Check(field.FieldType, underway));
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var current = type; current is not null && current != typeof(object) && current != typeof(ValueType); current = current.BaseType)
        {
            foreach (var field in current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }
}
