using System.Globalization;
using System.Runtime.CompilerServices;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>
/// An assertion whose message is written only when it fails. Oracles assert something of every number they touch: there, writing the message costs far more
/// than what it is about.
/// </summary>
internal static class Require
{
    public static void That(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureMessage message)
    {
        if (!condition) Assert.Fail(message.ToStringAndClear());
    }

    /// <summary>An interpolated string whose holes are not even looked at when the condition holds.</summary>
    [InterpolatedStringHandler]
    public ref struct FailureMessage
    {
        private DefaultInterpolatedStringHandler text;

        public FailureMessage(int literalLength, int formattedCount, bool condition, out bool hasFailed)
        {
            hasFailed = !condition;
            if (hasFailed) text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
        }

        public void AppendLiteral(string value) => text.AppendLiteral(value);

        public void AppendFormatted<T>(T value, string? format = null) => text.AppendFormatted(value, format);

        public string ToStringAndClear() => text.ToStringAndClear();
    }
}
