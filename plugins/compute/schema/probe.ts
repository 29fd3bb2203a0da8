import { type LongshoreBuilder, named, registerEnum, typeRef } from 'longshore/sdk';
import type { ProbeFacts } from '../services/probe-facts.ts';

export const probeRef = typeRef<ProbeFacts>('Probe');

export function registerProbe(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ProbeAction', 'What a probe does.', {
    HTTP_GET: 'An HTTP request; 200 to 399 passes.',
    HTTPS_GET: 'An HTTPS request, the certificate is not checked; 200 to 399 passes.',
    TCP_SOCKET: 'A TCP connection; it passes when the connection opens.',
    GRPC: 'A call of the gRPC health service.',
    EXEC: 'A command in the container; exit code 0 passes.',
    UNKNOWN: 'Something that this version does not know.',
  });
  builder.objectType(probeRef, {
    description: 'How the kubelet looks after a container. Defaults of the API are filled in.',
    fields: (t) => ({
      action: t.field({ type: named('ProbeAction'), description: 'What it does.', resolve: (p) => p.action as never }),
      path: t.string({ nullable: true, description: 'Path of an HTTP request.', resolve: (p) => p.path ?? null }),
      port: t.field({
        type: 'IntOrString',
        nullable: true,
        description: "Port by number, or by name among the container's ports.",
        resolve: (p) => p.port ?? null,
      }),
      command: t.stringList({ description: 'Command and arguments, without a shell.', resolve: (p) => [...p.command] }),
      initialDelaySeconds: t.exposeInt('initialDelaySeconds', {
        description: 'Seconds from start to the first probe.',
      }),
      periodSeconds: t.exposeInt('periodSeconds', { description: 'Seconds from one probe to the next.' }),
      timeoutSeconds: t.exposeInt('timeoutSeconds', { description: 'Seconds after which a probe has failed.' }),
      successThreshold: t.exposeInt('successThreshold', { description: 'Passes in a row that count as success.' }),
      failureThreshold: t.exposeInt('failureThreshold', { description: 'Failures in a row that count as failure.' }),
    }),
  });
}
