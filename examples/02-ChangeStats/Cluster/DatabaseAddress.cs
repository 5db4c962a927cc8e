namespace ChangeStats.Cluster;

/// <summary>A database, as <c>WithDurableSql</c> takes it.</summary>
internal sealed record DatabaseAddress(string ProviderName, string ConnectionString);
