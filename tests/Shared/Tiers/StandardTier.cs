namespace ModelDsl.Tests.Shared;

/// <summary>Why a test is skipped in the fast tier.</summary>
internal static class StandardTier
{
    public const string Reason = "A test of the standard tier: .ci/run, or MODELDSL_TEST_SCALE=2.";
}
