import { type CertificateFacts, type LongshoreBuilder, typeRef } from 'longshore/sdk';

/** A certificate by what it tells everybody it is shown to; its key has no road out. */
export function registerCertificate(builder: LongshoreBuilder) {
  const certificate = typeRef<CertificateFacts>('Certificate');
  builder.objectType(certificate, {
    description: 'The certificate of a server (X.509), the first one of its file.',
    fields: (t) => ({
      names: t.stringList({
        description: 'DNS names and IP addresses that it is good for, the first 100.',
        resolve: ({ names }) => [...names],
      }),
      commonName: t.string({
        nullable: true,
        description: 'The common name of its subject, which clients no longer look at.',
        resolve: (row) => row.commonName ?? null,
      }),
      issuer: t.exposeString('issuer', { description: 'Who signed it, in one line.' }),
      serialNumber: t.exposeString('serialNumber', {
        description: 'Its number among those of its issuer, hexadecimal.',
      }),
      notBefore: t.field({
        type: 'DateTime',
        description: 'It is good from then on.',
        resolve: (row) => row.notBefore,
      }),
      notAfter: t.field({ type: 'DateTime', description: 'It is good until then.', resolve: (row) => row.notAfter }),
      fingerprintSha256: t.exposeString('fingerprintSha256', {
        description: 'SHA-256 of it, as browsers show it: pairs of hexadecimal digits with colons.',
      }),
    }),
  });
  return certificate;
}
