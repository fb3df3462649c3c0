package dev.retune.kube;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Certificates and private keys out of PEM text. Keys may be PKCS#8 (any algorithm of the runtime),
 * PKCS#1 ({@code RSA PRIVATE KEY}, kubeadm's form) or SEC1 ({@code EC PRIVATE KEY}, the kubelet's
 * form after a rotation); the last two are put into a PKCS#8 envelope, the only one that Java
 * reads.
 */
public final class Pem {

  private static final byte[] RSA_ALGORITHM = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  private static final byte[] RSA_OID = {
    0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1
  };
  private static final byte[] EC_OID = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1
  };
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int EC_PARAMETERS = 0xa0;

  private record Block(String label, String base64) {
    byte[] der() {
      return Base64.getMimeDecoder().decode(base64);
    }
  }

  private Pem() {}

  /** All certificates in {@code pem}, in their order; other blocks are passed over. */
  public static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(pem)) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no -----BEGIN CERTIFICATE----- block in it");
    }
    return certificates;
  }

  /** The first private key in {@code pem}. */
  public static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
    for (Block block : blocks(pem)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return pkcs8(block.der());
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(envelope(RSA_ALGORITHM, block.der()));
        }
        case "EC PRIVATE KEY" -> {
          return pkcs8(envelope(der(SEQUENCE, EC_OID, curve(block.der())), block.der()));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new InvalidKeyException(
                "the private key is protected by a password, which is not supported; decrypt it first");
        default -> {}
      }
    }
    throw new InvalidKeyException("no -----BEGIN … PRIVATE KEY----- block in it");
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(der);
    // The algorithm's name stands near the start: SEQUENCE { version, SEQUENCE { OID …
    byte[] head = Arrays.copyOf(der, Math.min(der.length, 40));
    String algorithm = contains(head, RSA_OID) ? "RSA" : contains(head, EC_OID) ? "EC" : "EdDSA";
    return KeyFactory.getInstance(algorithm).generatePrivate(key);
  }

  private static byte[] envelope(byte[] algorithm, byte[] key) {
    byte[] version = {2, 1, 0};
    return der(SEQUENCE, version, algorithm, der(OCTET_STRING, key));
  }

  /** RFC 5915: SEQUENCE { version, OCTET STRING key, [0] { OID curve }, … }. */
  private static byte[] curve(byte[] ecPrivateKey) throws InvalidKeyException {
    int[] at = {0};
    enter(ecPrivateKey, at);
    while (at[0] < ecPrivateKey.length) {
      int tag = ecPrivateKey[at[0]] & 0xff;
      int length = enter(ecPrivateKey, at);
      if (tag == EC_PARAMETERS) {
        return Arrays.copyOfRange(ecPrivateKey, at[0], at[0] + length);
      }
      at[0] += length;
    }
    throw new InvalidKeyException("the EC private key does not name its curve");
  }

  /** Steps over a tag and length; returns the length of the content that now follows. */
  private static int enter(byte[] der, int[] at) throws InvalidKeyException {
    if (at[0] + 2 > der.length) {
      throw new InvalidKeyException("the EC private key is cut off");
    }
    int length = der[at[0] + 1] & 0xff;
    at[0] += 2;
    if (length >= 0x80) {
      int bytes = length & 0x7f;
      length = 0;
      for (int i = 0; i < bytes && at[0] < der.length && i < 3; i++) {
        length = (length << 8) | (der[at[0]++] & 0xff);
      }
    }
    if (length > der.length - at[0]) {
      throw new InvalidKeyException("the EC private key is cut off");
    }
    return length;
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static boolean contains(byte[] whole, byte[] part) {
    for (int i = 0; i + part.length <= whole.length; i++) {
      if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  private static List<Block> blocks(byte[] pem) {
    List<Block> blocks = new ArrayList<>();
    String label = "";
    StringBuilder body = new StringBuilder();
    for (String line : new String(pem, StandardCharsets.ISO_8859_1).lines().toList()) {
      String text = line.strip();
      if (text.startsWith("-----BEGIN ") && text.endsWith("-----")) {
        label = text.substring(11, text.length() - 5);
        body.setLength(0);
      } else if (text.startsWith("-----END ") && !label.isEmpty()) {
        blocks.add(new Block(label, body.toString()));
        label = "";
      } else if (!label.isEmpty()) {
        // Only the old encrypted form has header lines in the block.
        label = text.startsWith("Proc-Type: 4,ENCRYPTED") ? "ENCRYPTED PRIVATE KEY" : label;
        body.append(text.indexOf(':') < 0 ? text : "");
      }
    }
    return blocks;
  }
}
