import { asObject, asString, type JsonObject } from '../machinery/json.ts';
import { decodeProtobuf, ProtobufError } from '../machinery/protobuf.ts';
import { protobufMessages } from '../registry/protobuf-messages.ts';
import { badRequest, StatusError } from './status-error.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

const magic = Buffer.from('k8s\0');

/**
 * The object in Kubernetes' protobuf envelope. Throws `StatusError` 400 for bytes that are none, 415 for a kind, or
 * a field of it, that is only taken as JSON.
 */
export function parseProtobufBody(body: Buffer): JsonObject {
  if (!body.subarray(0, magic.length).equals(magic)) {
    throw badRequest('the object provided is unrecognized: it does not begin with the protobuf prefix');
  }
  try {
    const envelope = decodeProtobuf(body.subarray(magic.length), 'Unknown', protobufMessages);
    const { apiVersion = '', kind = '' } = asObject(envelope.typeMeta) ?? {};
    const raw = Buffer.from(asString(envelope.raw) ?? '', 'base64');
    const qualified = `${String(apiVersion)}.${String(kind)}`;
    const message = Object.hasOwn(protobufMessages, qualified) ? qualified : String(kind);
    const object = decodeProtobuf(raw, message, protobufMessages);
    return { apiVersion, kind, ...object };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      `the embedded cluster takes this object only as application/json or application/yaml: ${error.message}`,
    );
  }
}
