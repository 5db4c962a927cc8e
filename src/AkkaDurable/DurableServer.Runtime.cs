using System.Text.Json;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.State;

namespace AkkaDurable;

// How the runtime, which knows nothing of TState, reaches the typed handlers.
public abstract partial class DurableServer<TState>
{
    internal sealed override void Attach(ServerContext context)
    {
        _context = context;
        JsonOptions = context.JsonOptions;
    }

    internal sealed override object CreateInitialState() => InitialState;

    internal sealed override StateModel CreateStateModel(StateModelSettings settings) => new StateModel<TState>(GetType(), settings);

    internal int CurrentStateVersion => StateVersion;

    internal object Dump(TState state) => DumpState(state);

    internal TState Load(int version, JsonElement json) => LoadState(version, json);

    internal sealed override ValueTask<HandlerResult> OnInit(object state, ServerContext context)
    {
        var task = Init((TState)state, context);
        return task.IsCompletedSuccessfully ? new(task.Result.Inner) : Await(task);

        static async ValueTask<HandlerResult> Await(ValueTask<InitResult> task) => (await task.ConfigureAwait(false)).Inner;
    }

    internal sealed override ValueTask<HandlerResult> OnCall(object request, From from, object state)
    {
        var task = HandleCall(request, from, (TState)state);
        return task.IsCompletedSuccessfully ? new(task.Result.Inner) : Await(task);

        static async ValueTask<HandlerResult> Await(ValueTask<CallResult> task) => (await task.ConfigureAwait(false)).Inner;
    }

    internal sealed override ValueTask<HandlerResult> OnCast(object message, object state) => Erase(HandleCast(message, (TState)state));

    internal sealed override ValueTask<HandlerResult> OnInfo(object message, object state) => Erase(HandleInfo(message, (TState)state));

    internal sealed override ValueTask<HandlerResult> OnContinue(object step, object state) => Erase(HandleContinue(step, (TState)state));

    internal sealed override ValueTask<HandlerResult> OnSaved(object saved, object state) => Erase(HandleSaved((TState)saved, (TState)state));

    internal sealed override async ValueTask<object> OnTerminate(StopReason reason, object state) =>
        await Terminate(reason, (TState)state).ConfigureAwait(false);

    internal sealed override ValueTask OnAfterTerminate(StopReason reason, object state) => AfterTerminate(reason, (TState)state);

    private static ValueTask<HandlerResult> Erase(ValueTask<Next> task)
    {
        return task.IsCompletedSuccessfully ? new(task.Result.Inner) : Await(task);

        static async ValueTask<HandlerResult> Await(ValueTask<Next> task) => (await task.ConfigureAwait(false)).Inner;
    }
}
