namespace ChangeStats.Feeding;

/// <summary>The servers did not do their work in time.</summary>
internal sealed class FeedException(string message, Exception? inner = null) : Exception(message, inner);
