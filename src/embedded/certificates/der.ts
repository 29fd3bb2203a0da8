/** The few ASN.1 types a certificate is made of, in DER (ITU-T X.690). */
export const der = {
  sequence: (...parts: readonly Buffer[]): Buffer => encode(0x30, ...parts),
  set: (...parts: readonly Buffer[]): Buffer => encode(0x31, ...parts),
  integer: (bytes: Buffer): Buffer => encode(0x02, bytes),
  boolean: (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0])),
  octets: (...parts: readonly Buffer[]): Buffer => encode(0x04, ...parts),
  /** `unusedBits` of the last byte do not count. */
  bits: (bytes: Buffer, unusedBits = 0): Buffer => encode(0x03, Buffer.from([unusedBits]), bytes),
  utf8: (text: string): Buffer => encode(0x0c, Buffer.from(text)),
  /** Years from 1950 to 2049, which is what UTCTime can say. */
  time: (date: Date): Buffer =>
    encode(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`)),
  /** A constructed value under a context tag, such as `[3]`. */
  tagged: (tag: number, ...parts: readonly Buffer[]): Buffer => encode(0xa0 | tag, ...parts),
  /** A primitive value under a context tag. */
  implicit: (tag: number, bytes: Buffer): Buffer => encode(0x80 | tag, bytes),
  objectId,
};

function encode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return encode(0x06, Buffer.from(bytes));
}
