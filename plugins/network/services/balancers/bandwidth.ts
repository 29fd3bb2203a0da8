import type { GatewayObject } from './gateway-kinds.ts';

/** On a Gateway, and on what its controller makes for it (`spec.infrastructure.annotations`). */
export const bandwidthAnnotation = 'longshore.dev/bandwidth-mbps';

/** Peak bandwidth in Mbps; undefined where none is asked for, or what stands there is none. */
export function bandwidthOf({ metadata }: Pick<GatewayObject, 'metadata'>): number | undefined {
  const text = metadata.annotations?.[bandwidthAnnotation];
  if (text === undefined || !/^[1-9][0-9]{0,6}$/.test(text)) return undefined;
  return Number(text);
}
