using Proto;
using Proto.Cluster;

namespace AkkaDurable.Benchmarks.Contenders.OnProtoActor;

/// <summary>The counter as a virtual actor of Proto.Actor's.</summary>
/// <param name="storage">Where it is stored; null for nowhere.</param>
internal sealed class CounterActor(ProtoStorage? storage) : IActor
{
    private string _key = "";
    private int _revision;
    private int _count;

    public Task ReceiveAsync(IContext context)
    {
        switch (context.Message)
        {
            case Started:
                return LoadAsync(context.ClusterIdentity()!.Identity);
            case Add add:
                return AddAsync(context, add.By);
            case Read:
                context.Respond(new Count(_count));
                break;
        }

        return Task.CompletedTask;
    }

    private async Task LoadAsync(string key)
    {
        _key = key;
        if (storage is not null)
        {
            (_revision, _count) = await storage.LoadAsync(key);
        }
    }

    private Task AddAsync(IContext context, int by)
    {
        if (storage is null)
        {
            context.Respond(new Count(_count += by));
            return Task.CompletedTask;
        }

        return SaveAsync();

        async Task SaveAsync()
        {
            await storage.SaveAsync(_key, _revision++, _count += by);
            context.Respond(new Count(_count));
        }
    }
}
