import type { ProtobufField, ProtobufMessages } from '../machinery/protobuf.ts';
import lines from './protobuf-messages.json' with { type: 'json' };

/**
 * Field numbers of the messages that typed clients send: client-go's write protobuf unless told otherwise. The field
 * numbers of the Kubernetes API never change; a field that is missing here is refused, never lost. `[]` marks lists, `{}` maps,
 * `?` optional scalars, `-` a message whose fields stand in its parent's JSON. Names that two groups share carry their apiVersion.
 */
export const protobufMessages: ProtobufMessages = Object.fromEntries(
  Object.entries(lines).map(([message, text]) => [
    message,
    Object.fromEntries(text.split(', ').map((field) => [Number(field.split(' ')[0]), readField(field)])),
  ]),
);

function readField(text: string): ProtobufField {
  const [, name = '', type = ''] = text.split(' ');
  if (name === '-') return { name, type, kind: 'inline' };
  if (type.endsWith('[]')) return { name, type: type.slice(0, -2), kind: 'list' };
  if (type.endsWith('{}')) return { name, type: type.slice(0, -2), kind: 'map' };
  return { name, type, kind: 'one' };
}
