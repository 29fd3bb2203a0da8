import { type Clusters, type OperationRecords, type ServiceRef, serviceRef } from 'longshore/sdk';

/** What the loop needs of the gateway. A manifest is data, so `setup` hands it over as a service of the plugin's own. */
export interface QuotaLoop {
  readonly clusters: Clusters;
  readonly operations: OperationRecords;
}

export const quotaLoopRef: ServiceRef<QuotaLoop> = serviceRef<QuotaLoop>('core.quotaLoop');
