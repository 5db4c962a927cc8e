using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Internal.Stopping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AkkaDurable.Hosting.Internal.Stopping;

/// <summary>What the shutdown budget does to Akka's phases and to the host.</summary>
internal static class ShutdownVerb
{
    // For the other hosted services, and for what the host itself does.
    private static readonly TimeSpan HostReserve = TimeSpan.FromSeconds(5);

    private static readonly string[] Phases =
    [
        CoordinatedShutdown.PhaseClusterShardingShutdownRegion, CoordinatedShutdown.PhaseClusterLeave, CoordinatedShutdown.PhaseClusterExiting, CoordinatedShutdown.PhaseActorSystemTerminate,
    ];

    /// <summary>Of the configuration, or the default, over which phases that the app sets itself go.</summary>
    public static void ApplyDefault(AkkaConfigurationBuilder builder)
    {
        if (AppConfiguration.ShutdownBudget(AppConfiguration.Find(BuilderAccess.ServicesOf(builder))) is { } configured)
        {
            Check("AkkaDurable:ShutdownBudget", configured);
            builder.AddHocon(ShutdownBudget.Phases(configured), HoconAddMode.Prepend);
        }
        else
        {
            builder.AddHocon(ShutdownBudget.Phases(ShutdownBudget.Default), HoconAddMode.Append);
        }
    }

    public static void Apply(AkkaConfigurationBuilder builder, TimeSpan budget)
    {
        Check("WithShutdownBudget", budget);
        DurableHostSetup.Of(builder).ShutdownBudget = budget;
        builder.AddHocon(ShutdownBudget.Phases(budget), HoconAddMode.Prepend);
    }

    /// <summary>The host waits for so long, unless it would wait for longer anyway. Its options are read only when it stops.</summary>
    public static void RaiseHostTimeout(IServiceProvider services, TimeSpan budget, CoordinatedShutdown shutdown)
    {
        if (services.GetService<IOptions<HostOptions>>()?.Value is not { } host || host.ShutdownTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        var phases = Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + shutdown.Timeout(phase));
        var needed = (phases > budget ? phases : budget) + HostReserve;
        if (host.ShutdownTimeout < needed)
        {
            host.ShutdownTimeout = needed;
        }
    }

    private static void Check(string option, TimeSpan budget)
    {
        if (!ShutdownBudget.IsAllowed(budget))
        {
            throw new DurableConfigurationException(option, budget.ToString(), ShutdownBudget.Rule);
        }
    }
}
