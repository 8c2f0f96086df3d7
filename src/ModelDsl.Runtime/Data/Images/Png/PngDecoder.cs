using System.Buffers;
using System.IO.Compression;

namespace ModelDsl.Images.Png;

/// <summary>Reads PNG: all color types and depths, interlaced or not. Checksums are verified.</summary>
internal sealed class PngDecoder : IImageDecoder
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public string Format => "PNG";

    public IReadOnlyList<string> Extensions { get; } = [".png"];

    public string? Missing => null;

    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    public EncodedImage Open(ReadOnlyMemory<byte> file) => new PngImage(file, PngHeader.Read(file));

    private sealed class PngImage(ReadOnlyMemory<byte> file, PngHeader header) : EncodedImage(header.Width, header.Height, header.Channels)
    {
        public override void Decode(Span<byte> pixels)
        {
            using var data = new PngDataStream(file, header.DataStart);
            using var zlib = new ZLibStream(data, CompressionMode.Decompress);
            try
            {
                foreach (var pass in header.Interlaced ? PngPass.Adam7 : PngPass.Whole)
                    Decode(zlib, pass, pixels);
                // Reading further verifies the checksum of the data, and detects excess data.
                if (zlib.ReadByte() >= 0)
                    throw new InvalidDataException("it has more pixel data than its header says");
                data.ReadToEnd();
            }
            catch (EndOfStreamException)
            {
                throw new InvalidDataException("its pixel data ends before the last row");
            }
        }

        private void Decode(ZLibStream zlib, PngPass pass, Span<byte> pixels)
        {
            var (columns, rows) = (pass.Columns(Width), pass.Rows(Height));
            if (columns == 0 || rows == 0)
                return;
            var rowBytes = (int)((((long)columns * header.BitsPerPixel) + 7) / 8);
            var pixelBytes = Math.Max(1, header.BitsPerPixel / 8);
            // Two rows, each after its filter type and one zero for each byte of a pixel: values left of and above the image are zero.
            var stride = rowBytes + pixelBytes;
            var rented = ArrayPool<byte>.Shared.Rent((2 * stride) + (pass.IsDense ? 0 : columns * Channels));
            try
            {
                rented.AsSpan(0, 2 * stride).Clear();
                var current = rented.AsSpan(0, stride);
                var previous = rented.AsSpan(stride, stride);
                var unpacked = rented.AsSpan(2 * stride);
                for (var row = 0; row < rows; row++)
                {
                    var filter = zlib.ReadByte();
                    zlib.ReadExactly(current[pixelBytes..]);
                    PngFilter.Undo(filter, current, previous, pixelBytes);
                    var y = pass.StartY + (row * pass.StepY);
                    if (pass.IsDense)
                    {
                        PngRow.Unpack(header, current[pixelBytes..], pixels.Slice(y * Width * Channels, Width * Channels), columns);
                    }
                    else
                    {
                        PngRow.Unpack(header, current[pixelBytes..], unpacked, columns);
                        for (var column = 0; column < columns; column++)
                        {
                            var x = pass.StartX + (column * pass.StepX);
                            unpacked.Slice(column * Channels, Channels).CopyTo(pixels[(((y * Width) + x) * Channels)..]);
                        }
                    }

                    var swap = current;
                    current = previous;
                    previous = swap;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}

/// <summary>The pixels that a pass stores: every StepX-th column from StartX on of every StepY-th row from StartY on.</summary>
internal readonly record struct PngPass(int StartX, int StartY, int StepX, int StepY)
{
    public static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    /// <summary>The seven passes of an interlaced image.</summary>
    public static readonly PngPass[] Adam7 =
        [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)];

    /// <summary>Whether the rows of the pass are complete rows of the image.</summary>
    public bool IsDense => StepX == 1 && StartX == 0;

    // Sizes are at most 2³¹ − 1: the sums would overflow in 32 bits.
    public int Columns(int width) => (int)(((long)width - StartX + StepX - 1) / StepX);

    public int Rows(int height) => (int)(((long)height - StartY + StepY - 1) / StepY);
}
