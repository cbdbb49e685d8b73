import { BatchApiRequestFactory as AssociationBatch } from '@hubspot/api-client/lib/codegen/crm/associations/v4/apis/BatchApi.js'
import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js'
import { ListsApiRequestFactory as Lists } from '@hubspot/api-client/lib/codegen/crm/lists/apis/ListsApi.js'
import { MembershipsApiRequestFactory as ListMemberships } from '@hubspot/api-client/lib/codegen/crm/lists/apis/MembershipsApi.js'
import * as lists from '@hubspot/api-client/lib/codegen/crm/lists/index.js'
import { BasicApiRequestFactory as ObjectBasic } from '@hubspot/api-client/lib/codegen/crm/objects/apis/BasicApi.js'
import { BatchApiRequestFactory as ObjectBatch } from '@hubspot/api-client/lib/codegen/crm/objects/apis/BatchApi.js'
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js'
import { PipelinesApiRequestFactory as Pipelines } from '@hubspot/api-client/lib/codegen/crm/pipelines/apis/PipelinesApi.js'
import { PipelineStagesApiRequestFactory as PipelineStages } from '@hubspot/api-client/lib/codegen/crm/pipelines/apis/PipelineStagesApi.js'
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js'
import { BatchApiRequestFactory as PropertyBatch } from '@hubspot/api-client/lib/codegen/crm/properties/apis/BatchApi.js'
import { CoreApiRequestFactory as Properties } from '@hubspot/api-client/lib/codegen/crm/properties/apis/CoreApi.js'
import { GroupsApiRequestFactory as PropertyGroups } from '@hubspot/api-client/lib/codegen/crm/properties/apis/GroupsApi.js'
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js'
import { datedPath } from './version.ts'

/** A request as the SDK would send it, with the dated path. `body` is serialised JSON. */
export interface SdkRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query: Record<string, string>
  body: string | undefined
}

/** What the request factories of every area of the SDK make; each area has a class of its own for it. */
interface SdkContext {
  getUrl(): string
  getHttpMethod(): string
  getBody(): unknown
}

const methods: readonly SdkRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

// Only path and query are read from the address: host and credential belong to our transport.
const nowhere = 'https://hubspot.invalid'
const forObjects = objects.createConfiguration({ baseServer: new objects.ServerConfiguration(nowhere, {}) })
const forProperties = properties.createConfiguration({ baseServer: new properties.ServerConfiguration(nowhere, {}) })
const forPipelines = pipelines.createConfiguration({ baseServer: new pipelines.ServerConfiguration(nowhere, {}) })
const forLists = lists.createConfiguration({ baseServer: new lists.ServerConfiguration(nowhere, {}) })
const forAssociations = associations.createConfiguration({ baseServer: new associations.ServerConfiguration(nowhere, {}) })

/**
 * The generated request factories of `@hubspot/api-client` that the adapter uses: paths, parameters and serialisation are the SDK's. Its HTTP layer and its
 * response processors are not used (docs/decisions/hubspot-sdk-seam.md). The package has no exports map: `sdk.test.ts` holds this seam.
 */
export const sdk: {
  objects: ObjectBasic
  batch: ObjectBatch
  associations: AssociationBatch
  lists: Lists
  listMemberships: ListMemberships
  properties: Properties
  propertyBatch: PropertyBatch
  propertyGroups: PropertyGroups
  pipelines: Pipelines
  stages: PipelineStages
} = {
  objects: new ObjectBasic(forObjects),
  batch: new ObjectBatch(forObjects),
  associations: new AssociationBatch(forAssociations),
  lists: new Lists(forLists),
  listMemberships: new ListMemberships(forLists),
  properties: new Properties(forProperties),
  propertyBatch: new PropertyBatch(forProperties),
  propertyGroups: new PropertyGroups(forProperties),
  pipelines: new Pipelines(forPipelines),
  stages: new PipelineStages(forPipelines),
}

/** Takes a generated request apart for our transport. Throws TypeError when the SDK gave something the seam does not know. */
export const sdkRequest = async (made: Promise<SdkContext>): Promise<SdkRequest> => {
  const context = await made
  const url = new URL(context.getUrl())
  const method = methods.find((known) => known === context.getHttpMethod())
  const body = context.getBody()
  if (method === undefined || (body !== undefined && typeof body !== 'string'))
    throw new TypeError('The HubSpot SDK made a request that is not JSON')
  const names = [...new Set(url.searchParams.keys())]
  // Repeated parameters (`properties`) are joined: the vendor documents the comma-separated form.
  const query = Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name).join(',')]))
  return { method, path: datedPath(url.pathname), query, body }
}
