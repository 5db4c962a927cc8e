using System.Runtime.CompilerServices;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Internal.Wiring;

/// <summary>
/// Two fields that Akka.Hosting's builder keeps to itself. Where the node listens must be known before the actor system is made, and <c>AddAkka(name, akka => …)</c> hands over neither the
/// app's services nor the system's name. Should a later Akka.Hosting rename them, this fails at once and loudly.
/// </summary>
internal static class BuilderAccess
{
    public static IServiceCollection ServicesOf(AkkaConfigurationBuilder builder) => ServiceCollection(builder);

    public static string SystemNameOf(AkkaConfigurationBuilder builder) => ActorSystemName(builder);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = nameof(ServiceCollection))]
    private static extern ref IServiceCollection ServiceCollection(AkkaConfigurationBuilder builder);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = nameof(ActorSystemName))]
    private static extern ref string ActorSystemName(AkkaConfigurationBuilder builder);
}
