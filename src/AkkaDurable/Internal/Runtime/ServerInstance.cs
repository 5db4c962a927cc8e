using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Internal.Runtime;

/// <summary>The user's object for one incarnation of a server, with what was made for it.</summary>
internal sealed class ServerInstance(DurableServer server, ServerContext context, AsyncServiceScope? scope)
{
    public DurableServer Server { get; } = server;

    public ServerContext Context { get; } = context;

    public void Release()
    {
        Context.Timers.Close();
        try
        {
            (Server as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            ServerProcess.LogDisposeFailed(Context.Logger, Context.ServerType, exception);
        }

        // Scoped services may end in their own time; nobody waits for them.
        _ = scope?.DisposeAsync().AsTask();
    }
}
