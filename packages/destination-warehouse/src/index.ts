export { warehouse, type WarehouseSettings } from './warehouse.ts'
