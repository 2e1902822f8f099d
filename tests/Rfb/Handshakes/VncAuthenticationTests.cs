using System.Security.Cryptography;
using StreamSpace.Rfb.Handshakes;

namespace StreamSpace.Rfb.Tests.Handshakes;

public sealed class VncAuthenticationTests
{
    [Fact]
    public void The_answer_is_DES_with_the_bits_of_each_key_byte_reversed()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var key = new byte[8];
            random.NextBytes(key);
            var password = new string([.. key.Select(b => (char)b)]);
            var challenge = new byte[16];
            random.NextBytes(challenge);
            using var des = DES.Create();
            des.Key = [.. key.Select(Reverse)];
            var expected = des.EncryptEcb(challenge, PaddingMode.None);
            var answer = new byte[16];
            VncAuthentication.Answer(challenge, password, answer);
            Assert.Equal(expected, answer);
        }
    }

    [Fact]
    public void Weak_keys_and_short_passwords_have_answers_too()
    {
        var answer = new byte[16];
        VncAuthentication.Answer(new byte[16], "", answer);
        Assert.Equal(Convert.FromHexString("8CA64DE9C1B123A78CA64DE9C1B123A7"), answer); // DES of zeros under the weak key 0
        var longer = new byte[16];
        VncAuthentication.Answer(new byte[16], "password and more", longer);
        VncAuthentication.Answer(new byte[16], "password", answer);
        Assert.Equal(answer, longer);
    }

    private static byte Reverse(byte value)
    {
        var result = 0;
        for (var bit = 0; bit < 8; bit++)
            result |= ((value >> bit) & 1) << (7 - bit);
        return (byte)result;
    }
}
