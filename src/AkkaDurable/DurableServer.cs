using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.State;

namespace AkkaDurable;

/// <summary>The common base of all durable servers. Derive from <see cref="DurableServer{TState}"/>.</summary>
public abstract class DurableServer
{
    private protected DurableServer()
    {
    }

    internal abstract void Attach(ServerContext context);

    internal abstract object CreateInitialState();

    internal abstract StateModel CreateStateModel(StateModelSettings settings);

    internal abstract ValueTask<HandlerResult> OnInit(object state, ServerContext context);

    internal abstract ValueTask<HandlerResult> OnCall(object request, From from, object state);

    internal abstract ValueTask<HandlerResult> OnCast(object message, object state);

    internal abstract ValueTask<HandlerResult> OnInfo(object message, object state);

    internal abstract ValueTask<HandlerResult> OnContinue(object step, object state);

    internal abstract ValueTask<HandlerResult> OnSaved(object saved, object state);

    internal abstract ValueTask<object> OnTerminate(StopReason reason, object state);

    internal abstract ValueTask OnAfterTerminate(StopReason reason, object state);
}
