/**
 * What may be named in a query predicate: for each type its fields, separated by blanks; `field:Type` descends, `field:*` is a map or a value
 * of any shape, below which every name is allowed. Taken from the response types of @commercetools/platform-sdk 9.5 (MIT), plus the
 * query-only `lowercaseEmail` of customers.
 */
export const FIELDS: Readonly<Record<string, string>> = {
  Reference: 'id key typeId',
  Address:
    'additionalAddressInfo additionalStreetInfo apartment building city company country custom:CustomFields department email externalId fax firstName id key lastName mobile pOBox phone postalCode region salutation state streetName streetNumber title',
  Asset: 'custom:CustomFields description:* id key name:* sources:AssetSource tags',
  AssetDimensions: 'h w',
  AssetSource: 'contentType dimensions:AssetDimensions key uri',
  Associate: 'associateRoleAssignments:AssociateRoleAssignment customer:Reference',
  AssociateRoleAssignment: 'associateRole:Reference inheritance',
  Attribute: 'name value:*',
  AttributeDefinition: 'attributeConstraint inputHint inputTip:* isRequired isSearchable label:* level name type:AttributeType',
  AttributeLocalizedEnumValue: 'key label:*',
  AttributeType: 'elementType:AttributeType name referenceTypeId typeReference:Reference values:AttributeLocalizedEnumValue',
  Attribution: 'clientId source',
  BusinessUnit:
    'addresses:Address approvalRuleMode associateMode associates:Associate billingAddressIds contactEmail createdAt createdBy:CreatedBy custom:CustomFields customerGroupAssignments:CustomerGroupAssignment defaultBillingAddressId defaultShippingAddressId id inheritedAssociates:InheritedAssociate inheritedStores:Reference key lastModifiedAt lastModifiedBy:LastModifiedBy name parentUnit:Reference shippingAddressIds status storeMode stores:Reference topLevelUnit:Reference unitType version',
  Cart: 'anonymousId billingAddress:Address businessUnit:Reference cartState country createdAt createdBy:CreatedBy custom:CustomFields customLineItems:CustomLineItem customerEmail customerGroup:Reference customerId deleteDaysAfterLastModification directDiscounts:DirectDiscount discountCodes:DiscountCodeInfo discountOnTotalPrice:DiscountOnTotalPrice discountTypeCombination:DiscountTypeCombination freezeStrategy id inventoryMode itemShippingAddresses:Address key lastModifiedAt lastModifiedBy:LastModifiedBy lineItems:LineItem locale lock:CartLock origin paymentInfo:PaymentInfo priceRoundingMode purchaseOrderNumber refusedGifts:Reference shipping:Shipping shippingAddress:Address shippingCustomFields:CustomFields shippingInfo:ShippingInfo shippingKey shippingMode shippingRateInput:ShippingRateInput store:Reference taxCalculationMode taxMode taxRoundingMode taxedPrice:TaxedPrice taxedShippingPrice:TaxedPrice totalLineItemQuantity totalPrice:CentPrecisionMoney version warnings:WarningObject',
  CartDiscount:
    'cartPredicate createdAt createdBy:CreatedBy custom:CustomFields description:* discountGroup:Reference id isActive key lastModifiedAt lastModifiedBy:LastModifiedBy name:* recurringOrderScope:RecurringOrderScope references:Reference requiresDiscountCode sortOrder stackingMode stores:Reference target:CartDiscountTarget validFrom validUntil value:CartDiscountValue version',
  CartDiscountTarget:
    'discountedQuantity maxOccurrence predicate selectionMode targetPattern:PatternComponent triggerPattern:PatternComponent triggerQuantity type',
  CartDiscountValue:
    'applicationMode distributionChannel:Reference money:TypedMoney permyriad product:Reference supplyChannel:Reference type variantId',
  CartLock: 'clientId createdAt',
  Category:
    'ancestors:Reference assets:Asset createdAt createdBy:CreatedBy custom:CustomFields description:* externalId id key lastModifiedAt lastModifiedBy:LastModifiedBy metaDescription:* metaKeywords:* metaTitle:* name:* orderHint parent:Reference slug:* version',
  CentPrecisionMoney: 'centAmount currencyCode fractionDigits type',
  ChangeSubscription: 'resourceTypeId',
  Channel:
    'address:Address createdAt createdBy:CreatedBy custom:CustomFields description:* geoLocation:* id key lastModifiedAt lastModifiedBy:LastModifiedBy name:* reviewRatingStatistics:ReviewRatingStatistics roles version',
  CreatedBy: 'anonymousId associate:Reference attributedTo:Attribution clientId customer:Reference externalUserId',
  CustomFieldLocalizedEnumValue: 'key label:*',
  CustomFields: 'fields:* type:Reference',
  CustomLineItem:
    'custom:CustomFields discountedPricePerQuantity:DiscountedLineItemPriceForQuantity id key money:TypedMoney name:* perMethodTaxRate:MethodTaxRate priceMode quantity recurrenceInfo:CustomLineItemRecurrenceInfo shippingDetails:ItemShippingDetails slug state:ItemState taxCategory:Reference taxRate:TaxRate taxedPrice:TaxedItemPrice taxedPricePortions:MethodTaxedPrice totalPrice:CentPrecisionMoney',
  CustomLineItemRecurrenceInfo: 'recurrencePolicy:Reference',
  CustomObject: 'container createdAt createdBy:CreatedBy id key lastModifiedAt lastModifiedBy:LastModifiedBy value:* version',
  Customer:
    'addresses:Address authenticationMode billingAddressIds companyName createdAt createdBy:CreatedBy custom:CustomFields customerGroup:Reference customerGroupAssignments:CustomerGroupAssignment customerNumber dateOfBirth defaultBillingAddressId defaultShippingAddressId email externalId firstName id isEmailVerified key lastModifiedAt lastModifiedBy:LastModifiedBy lastName locale lowercaseEmail middleName password salutation shippingAddressIds stores:Reference title vatId version',
  CustomerGroup: 'createdAt createdBy:CreatedBy custom:CustomFields id key lastModifiedAt lastModifiedBy:LastModifiedBy name version',
  CustomerGroupAssignment: 'customerGroup:Reference',
  Delivery: 'address:Address createdAt custom:CustomFields id items:DeliveryItem key parcels:Parcel',
  DeliveryItem: 'id quantity',
  DirectDiscount: 'id target:CartDiscountTarget value:CartDiscountValue',
  DiscountCode:
    'applicationVersion cartDiscounts:Reference cartPredicate code createdAt createdBy:CreatedBy custom:CustomFields description:* groups id isActive key lastModifiedAt lastModifiedBy:LastModifiedBy maxApplications maxApplicationsPerCustomer name:* references:Reference stores:Reference validFrom validUntil version',
  DiscountCodeInfo: 'discountCode:Reference state',
  DiscountOnTotalPrice:
    'discountedAmount:TypedMoney discountedGrossAmount:TypedMoney discountedNetAmount:TypedMoney includedDiscounts:DiscountedTotalPricePortion',
  DiscountTypeCombination: 'chosenDiscountType type',
  DiscountedLineItemPortion: 'discount:Reference discountedAmount:TypedMoney',
  DiscountedLineItemPrice: 'includedDiscounts:DiscountedLineItemPortion value:TypedMoney',
  DiscountedLineItemPriceForQuantity: 'discountedPrice:DiscountedLineItemPrice quantity',
  DiscountedPrice: 'discount:Reference value:TypedMoney',
  DiscountedTotalPricePortion: 'discount:Reference discountedAmount:TypedMoney',
  EstimatedDelivery: 'from until',
  EventSubscription: 'resourceTypeId types',
  FieldDefinition: 'inputHint label:* name required type:FieldType',
  FieldType: 'elementType:FieldType name referenceTypeId values:CustomFieldLocalizedEnumValue',
  Image: 'dimensions:ImageDimensions label url',
  ImageDimensions: 'h w',
  InheritedAssociate: 'associateRoleAssignments:InheritedAssociateRoleAssignment customer:Reference',
  InheritedAssociateRoleAssignment: 'associateRole:Reference source:Reference',
  InventoryEntry:
    'availableQuantity createdAt createdBy:CreatedBy custom:CustomFields expectedDelivery id key lastModifiedAt lastModifiedBy:LastModifiedBy maxCartQuantity minCartQuantity quantityOnStock reservationExpirationInMinutes restockableInDays sku stockLevels:InventoryEntryStockLevels supplyChannel:Reference version',
  InventoryEntryStockLevels: 'reorderPoint safetyStock',
  ItemShippingDetails: 'targets:ItemShippingTarget valid',
  ItemShippingTarget: 'addressKey quantity shippingMethodKey',
  ItemState: 'quantity state:Reference',
  LastModifiedBy: 'anonymousId associate:Reference attributedTo:Attribution clientId customer:Reference externalUserId',
  LineItem:
    'addedAt custom:CustomFields discountedPricePerQuantity:DiscountedLineItemPriceForQuantity distributionChannel:Reference id inventoryMode key lastModifiedAt lineItemMode name:* perMethodTaxRate:MethodTaxRate price:Price priceMode productId productKey productSlug:* productType:Reference quantity recurrenceInfo:LineItemRecurrenceInfo reservation:Reference shippingDetails:ItemShippingDetails state:ItemState supplyChannel:Reference taxRate:TaxRate taxedPrice:TaxedItemPrice taxedPricePortions:MethodTaxedPrice totalPrice:CentPrecisionMoney variant:ProductVariant',
  LineItemRecurrenceInfo: 'priceSelectionMode recurrencePolicy:Reference',
  Location: 'country state',
  MessageSubscription: 'resourceTypeId types',
  MethodTaxRate: 'shippingMethodKey taxRate:TaxRate',
  MethodTaxedPrice: 'shippingMethodKey taxedPrice:TaxedItemPrice',
  Order:
    'anonymousId billingAddress:Address businessUnit:Reference cart:Reference completedAt country createdAt createdBy:CreatedBy custom:CustomFields customLineItems:CustomLineItem customerEmail customerGroup:Reference customerId directDiscounts:DirectDiscount discountCodes:DiscountCodeInfo discountOnTotalPrice:DiscountOnTotalPrice discountTypeCombination:DiscountTypeCombination id inventoryMode itemShippingAddresses:Address lastMessageSequenceNumber lastModifiedAt lastModifiedBy:LastModifiedBy lineItems:LineItem locale orderNumber orderState origin paymentInfo:PaymentInfo paymentState priceRoundingMode purchaseOrderNumber quote:Reference recurringOrder:Reference refusedGifts:Reference returnInfo:ReturnInfo shipmentState shipping:Shipping shippingAddress:Address shippingCustomFields:CustomFields shippingInfo:ShippingInfo shippingKey shippingMode shippingRateInput:ShippingRateInput state:Reference store:Reference syncInfo:SyncInfo taxCalculationMode taxMode taxRoundingMode taxedPrice:TaxedPrice taxedShippingPrice:TaxedPrice totalPrice:CentPrecisionMoney version',
  Parcel: 'createdAt custom:CustomFields id items:DeliveryItem key measurements:ParcelMeasurements trackingData:TrackingData',
  ParcelMeasurements: 'heightInMillimeter lengthInMillimeter weightInGram widthInMillimeter',
  PatternComponent: 'excludeCount maxCount minCount predicate type',
  Payment:
    'amountPlanned:CentPrecisionMoney anonymousId createdAt createdBy:CreatedBy custom:CustomFields customer:Reference id interfaceId interfaceInteractions:CustomFields key lastModifiedAt lastModifiedBy:LastModifiedBy paymentMethodInfo:PaymentMethodInfo paymentStatus:PaymentStatus transactions:Transaction version',
  PaymentInfo: 'payments:Reference',
  PaymentMethodInfo: 'custom:CustomFields interfaceAccount method name:* paymentInterface token:PaymentMethodToken',
  PaymentMethodToken: 'value',
  PaymentStatus: 'interfaceCode interfaceText state:Reference',
  Price:
    'channel:Reference country custom:CustomFields customerGroup:Reference discounted:DiscountedPrice id key recurrencePolicy:Reference tiers:PriceTier validFrom validUntil value:TypedMoney',
  PriceFunction: 'currencyCode function',
  PriceTier: 'minimumQuantity value:TypedMoney',
  Product:
    'createdAt createdBy:CreatedBy id key lastModifiedAt lastModifiedBy:LastModifiedBy masterData:ProductCatalogData priceMode productType:Reference reviewRatingStatistics:ReviewRatingStatistics state:Reference taxCategory:Reference version warnings:WarningObject',
  ProductCatalogData: 'current:ProductData hasStagedChanges published staged:ProductData',
  ProductData:
    'attributes:Attribute categories:Reference categoryOrderHints:* defaultVariant:Reference description:* masterVariant:ProductVariant metaDescription:* metaKeywords:* metaTitle:* name:* searchKeywords:* slug:* variants:ProductVariant',
  ProductProjection:
    'attributes:Attribute categories:Reference categoryOrderHints:* createdAt description:* hasStagedChanges id key lastModifiedAt masterVariant:ProductVariant metaDescription:* metaKeywords:* metaTitle:* name:* priceMode productType:Reference published reviewRatingStatistics:ReviewRatingStatistics searchKeywords:* slug:* state:Reference taxCategory:Reference variants:ProductVariant version',
  ProductSelection:
    'createdAt createdBy:CreatedBy custom:CustomFields id key lastModifiedAt lastModifiedBy:LastModifiedBy mode name:* productCount version',
  ProductSelectionSetting: 'active productSelection:Reference',
  ProductType:
    'attributes:AttributeDefinition createdAt createdBy:CreatedBy description id key lastModifiedAt lastModifiedBy:LastModifiedBy name version',
  ProductVariant:
    'assets:Asset attributes:Attribute availability:ProductVariantAvailability id images:Image isMatchingVariant key price:Price prices:Price recurrencePrices:Price scopedPrice:ScopedPrice scopedPriceDiscounted sku',
  ProductVariantAvailability: 'availableQuantity channels:* id isOnStock restockableInDays version',
  Quote:
    'billingAddress:Address businessUnit:Reference buyerComment country createdAt createdBy:CreatedBy custom:CustomFields customLineItems:CustomLineItem customer:Reference customerGroup:Reference directDiscounts:DirectDiscount id inventoryMode itemShippingAddresses:Address key lastModifiedAt lastModifiedBy:LastModifiedBy lineItems:LineItem paymentInfo:PaymentInfo priceRoundingMode purchaseOrderNumber quoteRequest:Reference quoteState sellerComment shippingAddress:Address shippingInfo:ShippingInfo shippingRateInput:ShippingRateInput stagedQuote:Reference state:Reference store:Reference taxCalculationMode taxMode taxRoundingMode taxedPrice:TaxedPrice totalPrice:TypedMoney validTo version',
  RecurringOrderScope: 'recurrencePolicies:Reference type',
  ReturnInfo: 'items:ReturnItem returnDate returnTrackingId',
  ReturnItem:
    'comment createdAt custom:CustomFields customLineItemId id key lastModifiedAt lineItemId paymentState quantity shipmentState type',
  ReviewRatingStatistics: 'averageRating count highestRating lowestRating ratingsDistribution:*',
  ScopedPrice:
    'channel:Reference country currentValue:TypedMoney custom:CustomFields customerGroup:Reference discounted:DiscountedPrice id validFrom validUntil value:TypedMoney',
  Shipping:
    'shippingAddress:Address shippingCustomFields:CustomFields shippingInfo:ShippingInfo shippingKey shippingRateInput:ShippingRateInput',
  ShippingInfo:
    'deliveries:Delivery discountedPrice:DiscountedLineItemPrice estimatedDelivery:EstimatedDelivery price:CentPrecisionMoney shippingMethod:Reference shippingMethodName shippingMethodState shippingRate:ShippingRate taxCategory:Reference taxRate:TaxRate taxedPrice:TaxedItemPrice',
  ShippingMethod:
    'active carrier createdAt createdBy:CreatedBy custom:CustomFields description id isDefault key lastModifiedAt lastModifiedBy:LastModifiedBy localizedDescription:* localizedName:* name predicate stores:Reference taxCategory:Reference version zoneRates:ZoneRate',
  ShippingRate: 'freeAbove:CentPrecisionMoney isMatching price:CentPrecisionMoney tiers:ShippingRatePriceTier',
  ShippingRateInput: 'key label:* score type',
  ShippingRatePriceTier: 'isMatching minimumCentAmount price:_Money priceFunction:PriceFunction score type value',
  StagedStandalonePrice: 'discounted:DiscountedPrice value:TypedMoney',
  StandalonePrice:
    'active channel:Reference country createdAt createdBy:CreatedBy custom:CustomFields customerGroup:Reference discounted:DiscountedPrice id key lastModifiedAt lastModifiedBy:LastModifiedBy recurrencePolicy:Reference sku staged:StagedStandalonePrice tiers:PriceTier validFrom validUntil value:TypedMoney version',
  ShoppingList:
    'anonymousId businessUnit:Reference createdAt createdBy:CreatedBy custom:CustomFields customer:Reference deleteDaysAfterLastModification description:* id key lastModifiedAt lastModifiedBy:LastModifiedBy lineItems:ShoppingListLineItem name:* slug:* store:Reference textLineItems:TextLineItem version',
  ShoppingListLineItem:
    'addedAt custom:CustomFields deactivatedAt id key name:* productId productType:Reference published quantity variantId',
  State:
    'builtIn createdAt createdBy:CreatedBy description:* id initial key lastModifiedAt lastModifiedBy:LastModifiedBy name:* roles transitions:Reference type version',
  Store:
    'countries:StoreCountry createdAt createdBy:CreatedBy custom:CustomFields distributionChannels:Reference id key languages lastModifiedAt lastModifiedBy:LastModifiedBy name:* productSelections:ProductSelectionSetting storefront:Storefront supplyChannels:Reference version',
  StoreCountry: 'code',
  Storefront:
    'checkoutUrlTemplate contactUrl cookiePolicyUrl faqUrl imprintUrl orderUrlTemplate privacyPolicyUrl refundPolicyUrl shippingPolicyUrl termsOfServiceUrl',
  SubRate: 'amount name',
  Subscription:
    'changes:ChangeSubscription createdAt createdBy:CreatedBy destination:* events:EventSubscription format:* id key lastModifiedAt lastModifiedBy:LastModifiedBy messages:MessageSubscription status version',
  SyncInfo: 'channel:Reference externalId syncedAt',
  TaxCategory: 'createdAt createdBy:CreatedBy description id key lastModifiedAt lastModifiedBy:LastModifiedBy name rates:TaxRate version',
  TaxPortion: 'amount:CentPrecisionMoney name rate',
  TaxRate: 'amount country id includedInPrice key name state subRates:SubRate',
  TaxedItemPrice: 'taxPortions:TaxPortion totalGross:CentPrecisionMoney totalNet:CentPrecisionMoney totalTax:CentPrecisionMoney',
  TaxedPrice: 'taxPortions:TaxPortion totalGross:CentPrecisionMoney totalNet:CentPrecisionMoney totalTax:CentPrecisionMoney',
  TextLineItem: 'addedAt custom:CustomFields description:* id key name:* quantity',
  TrackingData: 'carrier isReturn provider providerTransaction trackingId',
  Transaction: 'amount:CentPrecisionMoney custom:CustomFields id interactionId interfaceId state timestamp type',
  Type: 'createdAt createdBy:CreatedBy description:* fieldDefinitions:FieldDefinition id key lastModifiedAt lastModifiedBy:LastModifiedBy name:* resourceTypeIds version',
  TypedMoney: 'centAmount currencyCode fractionDigits preciseAmount type',
  Variant:
    'createdAt createdBy:CreatedBy current:VariantData id key lastModifiedAt lastModifiedBy:LastModifiedBy product:Reference published staged:VariantData variantId version warnings:WarningObject',
  VariantData: 'assets:Asset attributes:Attribute images:Image sku',
  WarningObject: 'code fileName lineItemId message productId products quantity requestedQuantity reservedQuantity sku supplyChannel',
  Zone: 'createdAt createdBy:CreatedBy description id key lastModifiedAt lastModifiedBy:LastModifiedBy locations:Location name version',
  ZoneRate: 'shippingRates:ShippingRate zone:Reference',
  _Money: 'centAmount currencyCode fractionDigits preciseAmount type',
}

/** The type in `FIELDS` that the rows of a resource type have. Resource types that are not listed are not checked. */
export const ROOT_TYPES: Readonly<Record<string, string>> = {
  customer: 'Customer',
  order: 'Order',
  cart: 'Cart',
  product: 'Product',
  'product-projection': 'ProductProjection',
  category: 'Category',
  payment: 'Payment',
  store: 'Store',
  'business-unit': 'BusinessUnit',
  channel: 'Channel',
  'customer-group': 'CustomerGroup',
  type: 'Type',
  'product-type': 'ProductType',
  state: 'State',
  'inventory-entry': 'InventoryEntry',
  'standalone-price': 'StandalonePrice',
  'discount-code': 'DiscountCode',
  'cart-discount': 'CartDiscount',
  zone: 'Zone',
  'tax-category': 'TaxCategory',
  'shipping-method': 'ShippingMethod',
  'product-selection': 'ProductSelection',
  'key-value-document': 'CustomObject',
  subscription: 'Subscription',
  quote: 'Quote',
  'shopping-list': 'ShoppingList',
  variant: 'Variant',
}
