import type { ContainerSpec } from './containers.ts';

export type ProbeSpec = NonNullable<ContainerSpec['livenessProbe']>;

export interface ProbeFacts {
  readonly action: 'HTTP_GET' | 'HTTPS_GET' | 'TCP_SOCKET' | 'GRPC' | 'EXEC' | 'UNKNOWN';
  readonly path: string | undefined;
  readonly port: number | string | undefined;
  readonly command: readonly string[];
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** A probe with the defaults of the API (core/v1) filled in where the cluster has left them out. */
export function describeProbe(probe: ProbeSpec): ProbeFacts {
  const { httpGet, tcpSocket, grpc, exec } = probe;
  return {
    action: httpGet
      ? httpGet.scheme === 'HTTPS'
        ? 'HTTPS_GET'
        : 'HTTP_GET'
      : tcpSocket
        ? 'TCP_SOCKET'
        : grpc
          ? 'GRPC'
          : exec
            ? 'EXEC'
            : 'UNKNOWN',
    path: httpGet ? (httpGet.path ?? '/') : undefined,
    port: httpGet?.port ?? tcpSocket?.port ?? grpc?.port,
    command: exec?.command ?? [],
    initialDelaySeconds: probe.initialDelaySeconds ?? 0,
    periodSeconds: probe.periodSeconds ?? 10,
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}
