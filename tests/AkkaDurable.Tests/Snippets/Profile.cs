using System.Text.Json;

namespace AkkaDurable.Tests.Snippets;

public sealed record Profile(string First, string Last, string? Mail);

#region migrate
public sealed class ProfileServer : DurableServer<Profile>
{
    protected override Profile InitialState => new("", "", Mail: null);

    protected override int StateVersion => 2;

    protected override Profile LoadState(int version, JsonElement json) => version switch
    {
        1 => json.GetProperty("Name").GetString()!.Split(' ') is [var first, var last] ? new(first, last, Mail: null) : new("", "", Mail: null),
        _ => base.LoadState(version, json),
    };
}
#endregion
