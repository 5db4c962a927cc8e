using System.Collections.Immutable;
using AkkaDurable.Internal.State;

namespace AkkaDurable.Tests.State;

public sealed class ImmutableTypesTests
{
    private sealed record Flat(int A, string? B, DateTimeOffset C, Guid? D);

    private sealed record Deep(Flat Flat, ImmutableList<Flat> Many, ImmutableDictionary<string, ImmutableArray<int>> Map);

    private sealed record Tree(ImmutableList<Tree> Children, int Value);

    private sealed record WithInit
    {
        public int A { get; init; }
    }

    private sealed record WithSetter
    {
        public int A { get; set; }
    }

    private sealed record WithList(List<int> Items);

    private sealed record WithReadOnlyInterface(IReadOnlyList<int> Items);

    private sealed record WithArray(int[] Items);

    private sealed record WithImmutableOfMutable(ImmutableList<List<int>> Items);

    private record Open(int A);

    private sealed record OfOpen(Open Open);

    private readonly record struct Point(int X, int Y);

    private struct MutableButCopied
    {
        public int X { get; set; }
    }

    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(Flat))]
    [InlineData(typeof(Deep))]
    [InlineData(typeof(Tree))]
    [InlineData(typeof(WithInit))]
    [InlineData(typeof(Point))]
    [InlineData(typeof(MutableButCopied))]
    public void Immutable(Type type) => Assert.True(ImmutableTypes.IsDeeplyImmutable(type));

    [Theory]
    [InlineData(typeof(object))]
    [InlineData(typeof(WithSetter))]
    [InlineData(typeof(WithList))]
    [InlineData(typeof(WithReadOnlyInterface))]
    [InlineData(typeof(WithArray))]
    [InlineData(typeof(WithImmutableOfMutable))]
    [InlineData(typeof(Open))]
    [InlineData(typeof(OfOpen))]
    [InlineData(typeof(List<int>))]
    [InlineData(typeof(Dictionary<string, int>))]
    [InlineData(typeof(Action))]
    public void Not_provably_immutable(Type type) => Assert.False(ImmutableTypes.IsDeeplyImmutable(type));
}
