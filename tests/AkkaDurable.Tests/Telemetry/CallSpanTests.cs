using System.Diagnostics;
using System.Text.Json;
using AkkaDurable.Internal.Calls;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Telemetry;

/// <summary>The span of a call as long as the call is open; nobody need listen for it.</summary>
public sealed class CallSpanTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CallChannel _channel;

    public CallSpanTests() => _channel = new CallChannel(_time);

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task A_call_that_was_sent_again_tells_how_often()
    {
        var call = _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, TimeSpan.FromMinutes(1), isNumbered: true, CancellationToken.None, out var task, out var id, out var callId);
        var envelope = new CallEnvelope("type", "key", id, "request") { Id = callId };
        envelope.Leave();
        var span = Span();
        call.TracedBy(id, span);
        call.RepeatAfter(envelope, TimeSpan.FromSeconds(1), _channel.Now);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.False(span.IsStopped);
        _channel.Complete(new ReplyEnvelope(id, 5));

        Assert.Equal(5, await task);
        Assert.True(span.IsStopped);
        Assert.Equal((2, ActivityStatusCode.Unset), (span.GetTagItem("akka_durable.attempts"), span.Status));
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_had_its_span_ends_it_all_the_same()
    {
        using var source = new CancellationTokenSource();
        var call = _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, TimeSpan.FromMinutes(1), isNumbered: true, source.Token, out var task, out var id, out _);
        await source.CancelAsync();
        var span = Span();
        call.TracedBy(id, span);

        Assert.True(span.IsStopped);
        Assert.Equal(typeof(OperationCanceledException).FullName, span.GetTagItem("error.type"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.AsTask());
    }

    [Fact]
    public async Task Whoever_ends_a_call_keeps_what_is_current()
    {
        using var parent = new Activity("parent").Start();
        var call = _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, TimeSpan.FromMinutes(1), isNumbered: false, CancellationToken.None, out var task, out var id, out _);
        var span = Span();
        call.TracedBy(id, span);
        using var other = new Activity("other").Start();
        _channel.Complete(new ReplyEnvelope(id, 5));

        Assert.True(span.IsStopped);
        Assert.Same(other, Activity.Current);
        Assert.Equal(5, await task);
    }

    // As a call's span is: begun, and not current.
    private static Activity Span()
    {
        var current = Activity.Current;
        var span = new Activity("call").Start();
        Activity.Current = current;
        return span;
    }
}
