import type { LongshoreBuilder } from '../builder.ts';
import { registerBigInt } from './big-int.ts';
import { registerCursor } from './cursor.ts';
import { registerDateTime } from './date-time.ts';
import { registerIntOrString } from './int-or-string.ts';
import { registerJson } from './json.ts';
import { registerQuantity } from './quantity.ts';
import { registerSafeInt } from './safe-int.ts';

export function registerScalars(builder: LongshoreBuilder): void {
  registerDateTime(builder);
  registerQuantity(builder);
  registerSafeInt(builder);
  registerBigInt(builder);
  registerIntOrString(builder);
  registerJson(builder);
  registerCursor(builder);
}
