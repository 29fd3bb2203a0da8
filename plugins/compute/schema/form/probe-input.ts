import { type InputTypeRef, inputRef, type LongshoreBuilder } from 'longshore/sdk';
import type { HandlerForm } from '../../services/form/lifecycle.ts';
import type { HttpRequestForm, ProbeActionForm, ProbeForm } from '../../services/form/probes.ts';

export const probeInputRef: InputTypeRef<ProbeForm> = inputRef<ProbeForm>('ProbeInput');
export const handlerInputRef: InputTypeRef<HandlerForm> = inputRef<HandlerForm>('LifecycleHandlerInput');
const actionInputRef = inputRef<ProbeActionForm>('ProbeActionInput');
const execInputRef = inputRef<{ command: readonly string[] }>('ExecActionInput');
const socketInputRef = inputRef<{ port: number | string; host?: string | null }>('TcpSocketActionInput');
const httpInputRef = inputRef<HttpRequestForm>('HttpActionInput');
const headerInputRef = inputRef<{ name: string; value: string }>('HttpHeaderInput');

export function registerProbeInput(builder: LongshoreBuilder): void {
  registerActions(builder);
  builder.inputType('ProbeActionInput', {
    description: 'What a probe does; the profile says which may be chosen (`probe.methods`).',
    isOneOf: true,
    fields: (t) => ({
      exec: t.field({ type: execInputRef, description: 'A command in the container; exit code 0 passes.' }),
      tcpSocket: t.field({ type: socketInputRef, description: 'A TCP connection; it passes when it opens.' }),
      httpGet: t.field({ type: httpInputRef, description: 'An HTTP request; 200 to 399 passes.' }),
      httpsGet: t.field({ type: httpInputRef, description: 'The same by HTTPS; the certificate is not checked.' }),
    }),
  });
  const byProfile = (key: string) => `Where it is not given, a new probe has the profile's \`${key}\`.`;
  builder.inputType('ProbeInput', {
    description: 'How the kubelet looks after a container (core/v1 Probe).',
    fields: (t) => ({
      action: t.field({ type: actionInputRef, description: 'What it does. A new probe needs one.' }),
      initialDelaySeconds: t.int({
        description: `Seconds from start to the first probe. ${byProfile('probe.initialDelaySeconds')}`,
      }),
      timeoutSeconds: t.int({
        description: `Seconds after which a probe has failed, from 1. ${byProfile('probe.timeoutSeconds')}`,
      }),
      periodSeconds: t.int({
        description: `Seconds from one probe to the next, from 1. ${byProfile('probe.periodSeconds')}`,
      }),
      successThreshold: t.int({
        description: `Passes in a row that count as success; 1 of any but a readiness probe. ${byProfile('probe.successThreshold')}`,
      }),
      failureThreshold: t.int({
        description: `Failures in a row that count as failure, from 1. ${byProfile('probe.failureThreshold')}`,
      }),
    }),
  });
  builder.inputType('LifecycleHandlerInput', {
    description: "What runs at a moment of a container's life; the profile says what it may be (`lifecycle.handlers`).",
    isOneOf: true,
    fields: (t) => ({
      exec: t.field({ type: execInputRef, description: 'A command in the container.' }),
      httpGet: t.field({ type: httpInputRef, description: 'An HTTP request to the pod.' }),
    }),
  });
}

function registerActions(builder: LongshoreBuilder): void {
  builder.inputType('ExecActionInput', {
    description: 'A command in a container.',
    fields: (t) => ({
      command: t.stringList({
        required: true,
        description: 'The program and its arguments, without a shell. Several commands go into a script.',
      }),
    }),
  });
  builder.inputType('TcpSocketActionInput', {
    description: 'A TCP connection.',
    fields: (t) => ({
      port: t.field({ type: 'IntOrString', required: true, description: 'Port, 1 to 65535, or its name.' }),
      host: t.string({ description: "Host; the pod's own address where it is not given." }),
    }),
  });
  builder.inputType('HttpHeaderInput', {
    description: 'A header of an HTTP request.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name.' }),
      value: t.string({ required: true, description: 'Its value.' }),
    }),
  });
  builder.inputType('HttpActionInput', {
    description: 'An HTTP request.',
    fields: (t) => ({
      path: t.string({ description: 'Path; `/` where it is not given.' }),
      port: t.field({ type: 'IntOrString', required: true, description: 'Port, 1 to 65535, or its name.' }),
      host: t.string({ description: "Host; the pod's own address where it is not given." }),
      headers: t.field({ type: [headerInputRef], description: 'Headers to send.' }),
    }),
  });
}
