using Akka.Actor;

namespace AkkaDurable.Benchmarks.Trees;

/// <summary>A parent with children, made by our supervisor or by plain Akka.</summary>
internal interface ITreeContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Any child.</summary>
    IActorRef Child(int number);

    /// <summary>Starts children until there are so many; completes when all have.</summary>
    Task FillAsync(int count);

    /// <summary>Stops all children; completes when all have ended.</summary>
    Task EmptyAsync();

    /// <summary>Lets a child throw, and completes when it has started again.</summary>
    Task RestartAsync(int number);
}
