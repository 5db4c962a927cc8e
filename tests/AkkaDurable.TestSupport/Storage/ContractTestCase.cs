using System.ComponentModel;
using AkkaDurable.TestSupport.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AkkaDurable.TestSupport.Storage;

/// <summary>A test case that asks its class whether it can run here.</summary>
public sealed class ContractTestCase : XunitTestCase
{
    /// <summary>For xunit, which moves test cases from one process to another.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the de-serializer only")]
    public ContractTestCase()
    {
    }

    public ContractTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method)
        : base(messages, display, displayOptions, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresBinaries.Unavailable : base.GetSkipReason(factAttribute);
}
