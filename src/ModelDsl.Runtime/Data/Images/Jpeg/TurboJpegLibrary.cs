using System.Runtime.InteropServices;

namespace ModelDsl.Images.Jpeg;

/// <summary>
/// The functions of libjpeg-turbo's TurboJPEG interface that decoding needs. They are the same in versions 1.4 to 3.x. The names of the library files differ, so
/// the functions are looked up at run time instead of declared.
/// </summary>
internal sealed unsafe class TurboJpegLibrary
{
    private static readonly string[] Names =
    [
        "libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
        "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib", "turbojpeg", "libturbojpeg",
    ];

    private static readonly Lazy<TurboJpegLibrary?> Loaded = new(Load);

    private TurboJpegLibrary(nint library)
    {
        InitDecompress = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "tjInitDecompress");
        Destroy = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjDestroy");
        DecompressHeader = (delegate* unmanaged[Cdecl]<nint, byte*, CULong, int*, int*, int*, int*, int>)
            NativeLibrary.GetExport(library, "tjDecompressHeader3");
        Decompress = (delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int>)
            NativeLibrary.GetExport(library, "tjDecompress2");
        GetErrorText = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(library, "tjGetErrorStr2");
        GetErrorCode = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjGetErrorCode");
    }

    /// <summary>The library, or null if it is not installed.</summary>
    public static TurboJpegLibrary? Instance => Loaded.Value;

    /// <summary><c>tjhandle tjInitDecompress(void)</c></summary>
    public delegate* unmanaged[Cdecl]<nint> InitDecompress { get; }

    /// <summary><c>int tjDestroy(tjhandle)</c></summary>
    public delegate* unmanaged[Cdecl]<nint, int> Destroy { get; }

    /// <summary><c>int tjDecompressHeader3(tjhandle, const unsigned char *jpeg, unsigned long size, int *width, int *height, int *subsampling, int *colorspace)</c></summary>
    public delegate* unmanaged[Cdecl]<nint, byte*, CULong, int*, int*, int*, int*, int> DecompressHeader { get; }

    /// <summary><c>int tjDecompress2(tjhandle, const unsigned char *jpeg, unsigned long size, unsigned char *pixels, int width, int pitch, int height, int format, int flags)</c></summary>
    public delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int> Decompress { get; }

    /// <summary><c>char *tjGetErrorStr2(tjhandle)</c></summary>
    public delegate* unmanaged[Cdecl]<nint, byte*> GetErrorText { get; }

    /// <summary><c>int tjGetErrorCode(tjhandle)</c></summary>
    public delegate* unmanaged[Cdecl]<nint, int> GetErrorCode { get; }

    public TurboJpegDecompressor Open() => new(this);

    private static TurboJpegLibrary? Load()
    {
        foreach (var name in Names)
        {
            // An old or different library with that name does not have the functions and is not used.
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "tjGetErrorCode", out _))
                return new TurboJpegLibrary(library);
        }

        return null;
    }
}
