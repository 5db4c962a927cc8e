using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using ChangeStats.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Process.Tests;

/// <summary>A program with a cluster of one node, which puts itself out. Its <c>Main</c> returns 0, as one does that thinks of nothing.</summary>
internal static class DownedProgram
{
    public const string Verb = "downed";

    public static ProcessStartInfo Command(bool endProcessWhenDowned)
    {
        var start = ThisProgram.Other(typeof(DownedProgram).Assembly, Verb);
        start.Environment["AkkaDurable__Cluster__EndProcessWhenDowned"] = $"{endProcessWhenDowned}";
        return start;
    }

    public static async Task<int> RunAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka("downed", akka => akka
            .WithDurableCluster(cluster => cluster.Port = 0)
            .WithActors((system, _) =>
            {
                var cluster = Akka.Cluster.Cluster.Get(system);
                cluster.RegisterOnMemberUp(() => cluster.Down(cluster.SelfAddress));
                cluster.Join(cluster.SelfAddress);
            }));
        using var host = builder.Build();
        await host.RunAsync();
        return 0;
    }
}
