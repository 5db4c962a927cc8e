using Akka.Actor;
using AkkaDurable.Supervision;

namespace AkkaDurable.Benchmarks.Trees;

/// <summary>Children of our supervisor: an ordered one where they are restarted, a dynamic one where they come and go.</summary>
internal sealed class SupervisedChildren : ITreeContender
{
    private static readonly RestartIntensity Many = new(int.MaxValue, TimeSpan.FromMilliseconds(1));

    private readonly Starts _starts = new();
    private readonly ActorSystem _system = ActorSystem.Create("supervised", PlainChildren.Settings);
    private readonly bool _isDynamic;
    private readonly List<long> _numbers = [];
    private SupervisionTree? _tree;

    public SupervisedChildren(bool isDynamic) => _isDynamic = isDynamic;

    public string Name => "AkkaDurable";

    public IActorRef Child(int number) => _starts[number];

    public async Task FillAsync(int count)
    {
        if (!_isDynamic)
        {
            var children = Enumerable.Range(0, count).Select(number => Spec(number, tells: true));
            _tree = await SupervisionTree.StartAsync(_system, Supervisor.OneForOne("root", children) with { Intensity = Many });
            return;
        }

        _tree ??= await SupervisionTree.StartAsync(_system, Supervisor.Dynamic("root") with { Intensity = Many });
        var dynamic = _tree.Dynamic();
        var results = await Task.WhenAll(Enumerable.Range(0, count).Select(number => dynamic.StartChildAsync(Spec(number, tells: false))));
        _numbers.AddRange(results.Select(result => result.OrThrow().Number));
    }

    public async Task EmptyAsync()
    {
        var dynamic = _tree!.Dynamic();
        await Task.WhenAll(_numbers.Select(number => dynamic.TerminateChildAsync(number)));
        _numbers.Clear();
        _numbers.TrimExcess();
    }

    public Task RestartAsync(int number) => _starts.FailAsync(number);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private ChildSpec Spec(int number, bool tells) =>
        ChildSpec.Worker($"child-{number}", Props.CreateBy(new TreeChild.Producer(tells ? _starts.Note : null, number)));
}
