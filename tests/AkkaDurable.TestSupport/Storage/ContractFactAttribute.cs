using Xunit.Sdk;

namespace AkkaDurable.TestSupport.Storage;

/// <summary>A test of an abstract class. It is skipped in those derived classes that need what the machine does not have.</summary>
[XunitTestCaseDiscoverer("AkkaDurable.TestSupport.Storage.ContractFactDiscoverer", "AkkaDurable.TestSupport")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;
