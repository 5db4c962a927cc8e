namespace AkkaDurable.Benchmarks.Contenders.OnProtoActor;

internal sealed record Add(int By);

internal sealed record Read
{
    public static readonly Read Instance = new();
}

/// <summary>The reply.</summary>
internal sealed record Count(int Value);
