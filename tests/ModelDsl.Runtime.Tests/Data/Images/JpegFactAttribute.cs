using ModelDsl.Images.Jpeg;

namespace ModelDsl.Runtime.Tests.Data.Images;

/// <summary>A test that needs the system's TurboJPEG library.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class JpegFactAttribute : FactAttribute
{
    public JpegFactAttribute()
    {
        if (TurboJpegLibrary.Instance is null)
            Skip = "libturbojpeg is not installed, so JPEG cannot be read here.";
    }
}

/// <summary>A test of pictures that needs the system's TurboJPEG library.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class JpegTheoryAttribute : TheoryAttribute
{
    public JpegTheoryAttribute() => Skip = new JpegFactAttribute().Skip;
}
