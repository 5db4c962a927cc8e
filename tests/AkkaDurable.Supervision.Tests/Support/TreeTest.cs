using Akka.Actor;

namespace AkkaDurable.Supervision.Tests.Support;

/// <summary>An actor system with a recorder, for one test.</summary>
public abstract class TreeTest : IAsyncLifetime
{
    internal Recorder Log { get; } = new();

    internal ActorSystem System { get; } = ActorSystem.Create("trees", "akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }");

    internal SupervisionOptions Options { get; set; } = new() { OnRootExit = static (_, _) => { } };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await System.Terminate();

    internal ChildSpec Child(string id, Restart restart = Restart.Permanent, Action<IUntypedActorContext>? onStart = null) => Probe.Spec(id, Log, onStart) with { Restart = restart };

    internal Task<SupervisionTree> StartAsync(ChildSpec spec) => SupervisionTree.StartAsync(System, spec, Options).WaitAsync(TimeSpan.FromSeconds(20));

    internal async Task<SupervisionTree> StartAsync(ChildSpec spec, params string[] expected)
    {
        var tree = await StartAsync(spec);
        await Log.ExpectAsync(expected);
        return tree;
    }

    /// <summary>What an error is thrown by, at most once.</summary>
    internal static Action<IUntypedActorContext> FailOnceFrom(int start)
    {
        var starts = 0;
        return _ =>
        {
            if (Interlocked.Increment(ref starts) == start)
            {
                throw new InvalidOperationException("no disk");
            }
        };
    }
}
