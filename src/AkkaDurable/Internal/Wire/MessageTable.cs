using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Wire;

/// <summary>All message types that a node knows, by type and by alias. What is not in here is neither sent nor read.</summary>
internal sealed class MessageTable
{
    private const int MaxAliasLength = 200;

    private readonly ConcurrentDictionary<Type, MessageType> _byType = new();
    private readonly ConcurrentDictionary<string, MessageType> _byAlias = new(StringComparer.Ordinal);

    public void Declare(Type serverType, DurableMessageTypes declared, JsonSerializerOptions json)
    {
        Declare(declared, json);
        DeclareAll(declared.Assemblies.Append(serverType.Assembly), json);
    }

    /// <summary>Declares types that belong to no server type.</summary>
    public void Declare(DurableMessageTypes declared, JsonSerializerOptions json)
    {
        foreach (var (type, alias) in declared.Types)
        {
            if (!IsCast(type) && ReplyTypeOf(type) is null)
            {
                throw new DurableConfigurationException("DurableServerOptions.Messages", type.FullName, "a message type implements ICall<TReply> or ICast");
            }

            Add(type, alias, json);
        }

        DeclareAll(declared.Assemblies, json);
    }

    public IReadOnlyList<string> Aliases => [.. _byAlias.Keys.Order(StringComparer.Ordinal)];

    public MessageType? Find(Type type) => _byType.GetValueOrDefault(type);

    public MessageType? Find(string alias) => _byAlias.GetValueOrDefault(alias);

    /// <exception cref="MessageNotDeclaredException">The type is not declared.</exception>
    public MessageType Require(Type type, string serverType, string key) =>
        Find(type) ?? throw new MessageNotDeclaredException(
            serverType, key, $"{type.FullName} is not a declared message type of this node. Add it where the server is registered: options.Messages.Add<{type.Name}>().");

    /// <summary>Reads a message. Throws <see cref="ArgumentException"/> for an unknown alias, <see cref="JsonException"/> or <see cref="NotSupportedException"/> for a bad body, or whatever a codec threw.</summary>
    [SuppressMessage("Usage", "CA2208", Justification = "The argument's part is named.")]
    public object Read(EncodedPayload payload, DurableCodec? codec)
    {
        if (!_byAlias.TryGetValue(payload.Alias, out var type))
        {
            throw new ArgumentException($"no message type of the alias '{payload.Alias}' is declared on this node");
        }

        return Payloads.Read(payload.Json, type.Type, type.Json, codec) ?? throw new JsonException("The message is null.");
    }

    /// <summary>What an <see cref="ICall{TReply}"/> promises, or null.</summary>
    public static Type? ReplyTypeOf(Type type) =>
        type.GetInterfaces().FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(ICall<>))?.GetGenericArguments()[0];

    private static bool IsCast(Type type) => typeof(ICast).IsAssignableFrom(type);

    private static bool IsMessage(Type type) =>
        type is { IsAbstract: false, IsInterface: false, ContainsGenericParameters: false } && (IsCast(type) || ReplyTypeOf(type) is not null);

    private static IEnumerable<Type> LoadableTypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            // An optional dependency of some other type is not deployed; that is no reason not to run.
            return exception.Types.OfType<Type>();
        }
    }

    private void DeclareAll(IEnumerable<Assembly> assemblies, JsonSerializerOptions json)
    {
        foreach (var type in assemblies.Distinct().SelectMany(LoadableTypesOf).Where(IsMessage))
        {
            Add(type, null, json);
        }
    }

    private void Add(Type type, string? alias, JsonSerializerOptions json)
    {
        alias ??= type.GetCustomAttribute<DurableAliasAttribute>()?.Alias ?? type.FullName!;
        if (alias.Length is 0 or > MaxAliasLength && type.GetCustomAttribute<DurableAliasAttribute>() is not null)
        {
            throw new DurableConfigurationException($"The alias of {type.FullName}", alias, $"an alias has 1 to {MaxAliasLength} characters");
        }

        if (!_byType.TryAdd(type, new MessageType(type, alias, ReplyTypeOf(type), json)))
        {
            return;
        }

        var known = _byAlias.GetOrAdd(alias, _byType[type]);
        if (known.Type != type)
        {
            throw new DurableConfigurationException(
                $"The alias of {type.FullName}", alias, $"{known.Type.FullName} has it already; give one of them another by [DurableAlias(\"…\")]");
        }
    }
}
