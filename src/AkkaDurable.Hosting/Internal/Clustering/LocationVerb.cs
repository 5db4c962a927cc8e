using Akka.Cluster;
using Akka.Hosting;
using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Placement;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>What <c>WithNodeLocation</c> does to a builder.</summary>
internal static class LocationVerb
{
    private const string Roles = "akka.cluster.roles";

    public static void Apply(AkkaConfigurationBuilder builder, NodeLocation? location)
    {
        location ??= Read(AppConfiguration.NodeSection(AppConfiguration.Find(BuilderAccess.ServicesOf(builder))));
        var rolesBefore = builder.Configuration.HasValue ? builder.Configuration.Value.GetStringList(Roles, []) : [];
        var roles = location.MergeRoles(rolesBefore);
        builder.AddHocon($"{Roles} = [{string.Join(", ", roles.Select(static role => $"\"{role}\""))}]", HoconAddMode.Prepend);
        SetupOf(builder);
        DurableHostSetup.Of(builder).Location = location;
    }

    /// <summary>A list in HOCON replaces the one before, so <c>WithClustering</c> after <c>WithNodeLocation</c> takes the location's roles away: the node would be somewhere else than its owner thinks.</summary>
    public static void Check(NodeLocation location, Cluster cluster)
    {
        var published = NodeLocation.FromRoles(cluster.SelfRoles);
        if (!published.Equals(location))
        {
            throw new DurableConfigurationException(
                Roles, string.Join(", ", cluster.SelfRoles), $"the roles of the node's location ({location}) are not among them: call WithNodeLocation after WithDurableCluster or WithClustering, which set the roles anew");
        }
    }

    public static PlacementSetup SetupOf(AkkaConfigurationBuilder builder)
    {
        if (builder.Setups.OfType<PlacementSetup>().SingleOrDefault() is { } existing)
        {
            return existing;
        }

        var setup = new PlacementSetup();
        builder.AddSetup(setup);
        return setup;
    }

    private static NodeLocation Read(IConfigurationSection? section)
    {
        NodeLocation found;
        try
        {
            found = NodeLocation.FromEnvironment();
        }
        catch (ArgumentException wrong)
        {
            throw new DurableConfigurationException("NodeLocation.FromEnvironment", null, RuleOf(wrong));
        }

        if (section is null)
        {
            return found;
        }

        var (region, zone, machine) = (found.Region, found.Zone, found.Machine);
        var settings = new SettingsSection(section);
        settings.Text(nameof(region), value => region = value);
        settings.Text(nameof(zone), value => zone = value);
        settings.Text(nameof(machine), value => machine = value);
        settings.End();
        try
        {
            return new NodeLocation(region, zone, machine, found.Labels);
        }
        catch (ArgumentException wrong)
        {
            throw new DurableConfigurationException(section.Path, $"{region}/{zone}/{machine}", RuleOf(wrong));
        }
    }

    private static string RuleOf(ArgumentException wrong) => wrong.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
}
