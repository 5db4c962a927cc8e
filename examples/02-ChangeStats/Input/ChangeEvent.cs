namespace ChangeStats.Input;

/// <summary>One file changed in one commit.</summary>
internal readonly record struct ChangeEvent(string Path, int Added, int Removed);
