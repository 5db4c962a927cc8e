namespace ChangeStats.Input;

/// <summary>There is something wrong with what the user asked for or gave; the message is all that is shown.</summary>
internal sealed class InputException(string message) : Exception(message);
