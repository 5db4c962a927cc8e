namespace AkkaDurable.TestSupport.Postgres;

/// <summary>On a test class: its <see cref="AkkaDurable.TestSupport.Storage.ContractFactAttribute"/> tests need a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;
