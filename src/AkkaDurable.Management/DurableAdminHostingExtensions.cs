using AkkaDurable;
using AkkaDurable.Management;
using AkkaDurable.Management.Internal.Http;

namespace Akka.Hosting;

/// <summary>Opens the admin API in hosts that are no web apps.</summary>
public static class DurableAdminHostingExtensions
{
    /// <summary>Opens the admin API on a port of this machine's loopback address, beside whatever the host does: for hosts that are no web app. See <c>MapAkkaDurable</c> for those that are.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="port">The port; 0: a free one, which the log tells.</param>
    /// <param name="configure">Who may do what. Default: requests from this machine, which only look.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is none.</exception>
    /// <remarks>Starts when all else of the builder has started, and ends with the actor system. The host does not start when the port is taken.</remarks>
    public static AkkaConfigurationBuilder WithDurableAdmin(this AkkaConfigurationBuilder builder, int port, Action<DurableAdminOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        var options = OptionsOf(configure);
        return builder.AddStartup((system, _) => AdminListener.StartAsync(system, options, port));
    }

    /// <summary>Opens the admin API on a Unix socket, which only this process' user may use.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="socketPath">The socket's absolute path. A socket that nobody listens to any more is replaced.</param>
    /// <param name="configure">Who may do what. Default: this process' user, who only looks.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public static AkkaConfigurationBuilder WithDurableAdmin(this AkkaConfigurationBuilder builder, string socketPath, Action<DurableAdminOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(socketPath);
        if (!Path.IsPathRooted(socketPath))
        {
            throw new ArgumentException("The socket's path is absolute.", nameof(socketPath));
        }

        var options = OptionsOf(configure);
        return builder.AddStartup((system, _) => AdminListener.StartAsync(system, options, socketPath));
    }

    private static DurableAdminOptions OptionsOf(Action<DurableAdminOptions>? configure)
    {
        var options = new DurableAdminOptions();
        configure?.Invoke(options);
        options.Validate();
        return options.AuthorizationPolicy is null
            ? options
            : throw new DurableConfigurationException("DurableAdminOptions.AuthorizationPolicy", options.AuthorizationPolicy, "only a web app has policies: use MapAkkaDurable there, or a Token");
    }
}
