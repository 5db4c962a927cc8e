namespace AkkaDurable.Management.Internal.Http;

/// <summary>How the output of a command goes to its caller.</summary>
internal interface IReply
{
    Task RunAsync(IAsyncEnumerable<CommandOutput> output, CancellationToken cancellationToken);

    /// <summary>It ended with an error.</summary>
    Task FailAsync(Problem problem);

    /// <summary>It was ended.</summary>
    Task CutAsync(Problem problem, bool isExpected);
}
