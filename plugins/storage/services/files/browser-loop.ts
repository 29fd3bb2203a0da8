import { type Clusters, type OperationRecords, type Profiles, type ServiceRef, serviceRef } from 'longshore/sdk';

/** What the loop of file browsers needs of the gateway: a manifest is data. */
export interface BrowserLoop {
  readonly clusters: Pick<Clusters, 'get'>;
  readonly operations: OperationRecords;
  readonly profiles: Pick<Profiles, 'at'>;
}

export const browserLoopRef: ServiceRef<BrowserLoop> = serviceRef<BrowserLoop>('storage.fileBrowserLoop');
