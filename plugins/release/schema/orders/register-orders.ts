import type { LongshoreBuilder } from 'longshore/sdk';
import { registerCreateReleaseOrder } from './create-release-order.ts';
import { registerDeleteReleaseOrder } from './delete-release-order.ts';
import { registerOrderLoaders } from './load-orders.ts';
import { registerOrder } from './order.ts';
import { registerOrderActions } from './order-actions.ts';
import { registerOrderBoard } from './order-board.ts';
import { registerOrderEnums } from './order-enums.ts';
import { registerOrderPreview } from './order-preview.ts';
import { registerOrderRoots } from './order-roots.ts';
import { registerRetryReleaseOrder } from './retry-release-order.ts';
import { registerServiceLinks } from './service-links.ts';
import { registerServiceRelease } from './service-release.ts';

/** Release orders: how they are made, seen, followed and acted upon. */
export function registerOrders(builder: LongshoreBuilder): void {
  registerOrderLoaders(builder);
  registerOrderEnums(builder);
  registerServiceRelease(builder);
  registerOrder(builder);
  registerOrderPreview(builder);
  registerOrderBoard(builder);
  registerOrderRoots(builder);
  registerServiceLinks(builder);
  registerCreateReleaseOrder(builder);
  registerOrderActions(builder);
  registerRetryReleaseOrder(builder);
  registerDeleteReleaseOrder(builder);
}
