using AkkaDurable.Storage;
using CsCheck;

namespace AkkaDurable.Tests.Model;

public sealed class DurabilityModelTests
{
    [Fact]
    public Task In_memory_ten_thousand_sequences_that_save_every_change() => CheckInMemory(SavePolicy.EveryChange, 10_000);

    [Fact]
    public Task In_memory_two_thousand_sequences_that_save_on_stop() => CheckInMemory(SavePolicy.OnStop, 2_000);

    [Fact]
    public Task In_memory_two_thousand_sequences_that_save_every_hour() => CheckInMemory(SavePolicy.Every(TimeSpan.FromHours(1)), 2_000);

    private static Task CheckInMemory(SavePolicy policy, int samples) =>
        DurabilityModel.Steps.SampleAsync(steps => DurabilityModel.CheckAsync(new InMemoryStateStore(), "model", policy, steps), iter: samples);
}
