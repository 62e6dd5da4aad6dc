#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ResourceType {
    #[allow(missing_docs)] // documentation missing in model
    ApplicationStatusCheck,
    #[allow(missing_docs)] // documentation missing in model
    CapacityBlock,
    #[allow(missing_docs)] // documentation missing in model
    CapacityManagerDataExport,
    #[allow(missing_docs)] // documentation missing in model
    CapacityReservation,
    #[allow(missing_docs)] // documentation missing in model
    CapacityReservationCancellationQuote,
    #[allow(missing_docs)] // documentation missing in model
    CapacityReservationFleet,
    #[allow(missing_docs)] // documentation missing in model
    CapacityReservationModificationQuote,
    #[allow(missing_docs)] // documentation missing in model
    CarrierGateway,
    #[allow(missing_docs)] // documentation missing in model
    ClientVpnEndpoint,
    #[allow(missing_docs)] // documentation missing in model
    CoipPool,
    #[allow(missing_docs)] // documentation missing in model
    CustomerGateway,
    #[allow(missing_docs)] // documentation missing in model
    DeclarativePoliciesReport,
    #[allow(missing_docs)] // documentation missing in model
    DedicatedHost,
    #[allow(missing_docs)] // documentation missing in model
    DhcpOptions,
    #[allow(missing_docs)] // documentation missing in model
    EgressOnlyInternetGateway,
    #[allow(missing_docs)] // documentation missing in model
    ElasticGpu,
    #[allow(missing_docs)] // documentation missing in model
    ElasticIp,
    #[allow(missing_docs)] // documentation missing in model
    ExportImageTask,
    #[allow(missing_docs)] // documentation missing in model
    ExportInstanceTask,
    #[allow(missing_docs)] // documentation missing in model
    Fleet,
    #[allow(missing_docs)] // documentation missing in model
    FpgaImage,
    #[allow(missing_docs)] // documentation missing in model
    HostReservation,
    #[allow(missing_docs)] // documentation missing in model
    Image,
    #[allow(missing_docs)] // documentation missing in model
    ImageUsageReport,
    #[allow(missing_docs)] // documentation missing in model
    ImportImageTask,
    #[allow(missing_docs)] // documentation missing in model
    ImportSnapshotTask,
    #[allow(missing_docs)] // documentation missing in model
    Instance,
    #[allow(missing_docs)] // documentation missing in model
    InstanceConnectEndpoint,
    #[allow(missing_docs)] // documentation missing in model
    InstanceEventWindow,
    #[allow(missing_docs)] // documentation missing in model
    InternetGateway,
    #[allow(missing_docs)] // documentation missing in model
    Ipam,
    #[allow(missing_docs)] // documentation missing in model
    IpamExternalResourceVerificationToken,
    #[allow(missing_docs)] // documentation missing in model
    IpamInternetRegistryAssociation,
    #[allow(missing_docs)] // documentation missing in model
    IpamPolicy,
    #[allow(missing_docs)] // documentation missing in model
    IpamPool,
    #[allow(missing_docs)] // documentation missing in model
    IpamPoolAllocation,
    #[allow(missing_docs)] // documentation missing in model
    IpamPrefixListResolver,
    #[allow(missing_docs)] // documentation missing in model
    IpamPrefixListResolverTarget,
    #[allow(missing_docs)] // documentation missing in model
    IpamResourceDiscovery,
    #[allow(missing_docs)] // documentation missing in model
    IpamResourceDiscoveryAssociation,
    #[allow(missing_docs)] // documentation missing in model
    IpamScope,
    #[allow(missing_docs)] // documentation missing in model
    Ipv4poolEc2,
    #[allow(missing_docs)] // documentation missing in model
    Ipv6poolEc2,
    #[allow(missing_docs)] // documentation missing in model
    KeyPair,
    #[allow(missing_docs)] // documentation missing in model
    LaunchTemplate,
    #[allow(missing_docs)] // documentation missing in model
    LocalGateway,
    #[allow(missing_docs)] // documentation missing in model
    LocalGatewayRouteTable,
    #[allow(missing_docs)] // documentation missing in model
    LocalGatewayRouteTableVirtualInterfaceGroupAssociation,
    #[allow(missing_docs)] // documentation missing in model
    LocalGatewayRouteTableVpcAssociation,
    #[allow(missing_docs)] // documentation missing in model
    LocalGatewayVirtualInterface,
    #[allow(missing_docs)] // documentation missing in model
    LocalGatewayVirtualInterfaceGroup,
    #[allow(missing_docs)] // documentation missing in model
    MacModificationTask,
    #[allow(missing_docs)] // documentation missing in model
    Natgateway,
    #[allow(missing_docs)] // documentation missing in model
    NetworkAcl,
    #[allow(missing_docs)] // documentation missing in model
    NetworkInsightsAccessScope,
    #[allow(missing_docs)] // documentation missing in model
    NetworkInsightsAccessScopeAnalysis,
    #[allow(missing_docs)] // documentation missing in model
    NetworkInsightsAnalysis,
    #[allow(missing_docs)] // documentation missing in model
    NetworkInsightsPath,
    #[allow(missing_docs)] // documentation missing in model
    NetworkInterface,
    #[allow(missing_docs)] // documentation missing in model
    OutpostLag,
    #[allow(missing_docs)] // documentation missing in model
    PlacementGroup,
    #[allow(missing_docs)] // documentation missing in model
    PrefixList,
    #[allow(missing_docs)] // documentation missing in model
    ReplaceRootVolumeTask,
    #[allow(missing_docs)] // documentation missing in model
    ReservedInstances,
    #[allow(missing_docs)] // documentation missing in model
    RouteServer,
    #[allow(missing_docs)] // documentation missing in model
    RouteServerEndpoint,
    #[allow(missing_docs)] // documentation missing in model
    RouteServerPeer,
    #[allow(missing_docs)] // documentation missing in model
    RouteTable,
    #[allow(missing_docs)] // documentation missing in model
    SecondaryInterface,
    #[allow(missing_docs)] // documentation missing in model
    SecondaryNetwork,
    #[allow(missing_docs)] // documentation missing in model
    SecondarySubnet,
    #[allow(missing_docs)] // documentation missing in model
    SecurityGroup,
    #[allow(missing_docs)] // documentation missing in model
    SecurityGroupRule,
    #[allow(missing_docs)] // documentation missing in model
    ServiceLinkVirtualInterface,
    #[allow(missing_docs)] // documentation missing in model
    Snapshot,
    #[allow(missing_docs)] // documentation missing in model
    SpotFleetRequest,
    #[allow(missing_docs)] // documentation missing in model
    SpotInstancesRequest,
    #[allow(missing_docs)] // documentation missing in model
    Subnet,
    #[allow(missing_docs)] // documentation missing in model
    SubnetCidrReservation,
    #[allow(missing_docs)] // documentation missing in model
    TrafficMirrorFilter,
    #[allow(missing_docs)] // documentation missing in model
    TrafficMirrorFilterRule,
    #[allow(missing_docs)] // documentation missing in model
    TrafficMirrorSession,
    #[allow(missing_docs)] // documentation missing in model
    TrafficMirrorTarget,
    #[allow(missing_docs)] // documentation missing in model
    TransitGateway,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayAttachment,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayConnectPeer,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayMeteringPolicy,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayMulticastDomain,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayPolicyTable,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayRouteTable,
    #[allow(missing_docs)] // documentation missing in model
    TransitGatewayRouteTableAnnouncement,
    #[allow(missing_docs)] // documentation missing in model
    VerifiedAccessEndpoint,
    #[allow(missing_docs)] // documentation missing in model
    VerifiedAccessEndpointTarget,
    #[allow(missing_docs)] // documentation missing in model
    VerifiedAccessGroup,
    #[allow(missing_docs)] // documentation missing in model
    VerifiedAccessInstance,
    #[allow(missing_docs)] // documentation missing in model
    VerifiedAccessPolicy,
    #[allow(missing_docs)] // documentation missing in model
    VerifiedAccessTrustProvider,
    #[allow(missing_docs)] // documentation missing in model
    Volume,
    #[allow(missing_docs)] // documentation missing in model
    Vpc,
    #[allow(missing_docs)] // documentation missing in model
    VpcBlockPublicAccessExclusion,
    #[allow(missing_docs)] // documentation missing in model
    VpcEncryptionControl,
    #[allow(missing_docs)] // documentation missing in model
    VpcEndpoint,
    #[allow(missing_docs)] // documentation missing in model
    VpcEndpointConnection,
    #[allow(missing_docs)] // documentation missing in model
    VpcEndpointConnectionDeviceType,
    #[allow(missing_docs)] // documentation missing in model
    VpcEndpointService,
    #[allow(missing_docs)] // documentation missing in model
    VpcEndpointServicePermission,
    #[allow(missing_docs)] // documentation missing in model
    VpcFlowLog,
    #[allow(missing_docs)] // documentation missing in model
    VpcPeeringConnection,
    #[allow(missing_docs)] // documentation missing in model
    VpnConcentrator,
    #[allow(missing_docs)] // documentation missing in model
    VpnConnection,
    #[allow(missing_docs)] // documentation missing in model
    VpnConnectionDeviceType,
    #[allow(missing_docs)] // documentation missing in model
    VpnGateway,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ResourceType {
    fn from(s: &str) -> Self {
        match s {
            "application-status-check" => ResourceType::ApplicationStatusCheck,
            "capacity-block" => ResourceType::CapacityBlock,
            "capacity-manager-data-export" => ResourceType::CapacityManagerDataExport,
            "capacity-reservation" => ResourceType::CapacityReservation,
            "capacity-reservation-cancellation-quote" => ResourceType::CapacityReservationCancellationQuote,
            "capacity-reservation-fleet" => ResourceType::CapacityReservationFleet,
            "capacity-reservation-modification-quote" => ResourceType::CapacityReservationModificationQuote,
            "carrier-gateway" => ResourceType::CarrierGateway,
            "client-vpn-endpoint" => ResourceType::ClientVpnEndpoint,
            "coip-pool" => ResourceType::CoipPool,
            "customer-gateway" => ResourceType::CustomerGateway,
            "declarative-policies-report" => ResourceType::DeclarativePoliciesReport,
            "dedicated-host" => ResourceType::DedicatedHost,
            "dhcp-options" => ResourceType::DhcpOptions,
            "egress-only-internet-gateway" => ResourceType::EgressOnlyInternetGateway,
            "elastic-gpu" => ResourceType::ElasticGpu,
            "elastic-ip" => ResourceType::ElasticIp,
            "export-image-task" => ResourceType::ExportImageTask,
            "export-instance-task" => ResourceType::ExportInstanceTask,
            "fleet" => ResourceType::Fleet,
            "fpga-image" => ResourceType::FpgaImage,
            "host-reservation" => ResourceType::HostReservation,
            "image" => ResourceType::Image,
            "image-usage-report" => ResourceType::ImageUsageReport,
            "import-image-task" => ResourceType::ImportImageTask,
            "import-snapshot-task" => ResourceType::ImportSnapshotTask,
            "instance" => ResourceType::Instance,
            "instance-connect-endpoint" => ResourceType::InstanceConnectEndpoint,
            "instance-event-window" => ResourceType::InstanceEventWindow,
            "internet-gateway" => ResourceType::InternetGateway,
            "ipam" => ResourceType::Ipam,
            "ipam-external-resource-verification-token" => ResourceType::IpamExternalResourceVerificationToken,
            "ipam-internet-registry-association" => ResourceType::IpamInternetRegistryAssociation,
            "ipam-policy" => ResourceType::IpamPolicy,
            "ipam-pool" => ResourceType::IpamPool,
            "ipam-pool-allocation" => ResourceType::IpamPoolAllocation,
            "ipam-prefix-list-resolver" => ResourceType::IpamPrefixListResolver,
            "ipam-prefix-list-resolver-target" => ResourceType::IpamPrefixListResolverTarget,
            "ipam-resource-discovery" => ResourceType::IpamResourceDiscovery,
            "ipam-resource-discovery-association" => ResourceType::IpamResourceDiscoveryAssociation,
            "ipam-scope" => ResourceType::IpamScope,
            "ipv4pool-ec2" => ResourceType::Ipv4poolEc2,
            "ipv6pool-ec2" => ResourceType::Ipv6poolEc2,
            "key-pair" => ResourceType::KeyPair,
            "launch-template" => ResourceType::LaunchTemplate,
            "local-gateway" => ResourceType::LocalGateway,
            "local-gateway-route-table" => ResourceType::LocalGatewayRouteTable,
            "local-gateway-route-table-virtual-interface-group-association" => ResourceType::LocalGatewayRouteTableVirtualInterfaceGroupAssociation,
            "local-gateway-route-table-vpc-association" => ResourceType::LocalGatewayRouteTableVpcAssociation,
            "local-gateway-virtual-interface" => ResourceType::LocalGatewayVirtualInterface,
            "local-gateway-virtual-interface-group" => ResourceType::LocalGatewayVirtualInterfaceGroup,
            "mac-modification-task" => ResourceType::MacModificationTask,
            "natgateway" => ResourceType::Natgateway,
            "network-acl" => ResourceType::NetworkAcl,
            "network-insights-access-scope" => ResourceType::NetworkInsightsAccessScope,
            "network-insights-access-scope-analysis" => ResourceType::NetworkInsightsAccessScopeAnalysis,
            "network-insights-analysis" => ResourceType::NetworkInsightsAnalysis,
            "network-insights-path" => ResourceType::NetworkInsightsPath,
            "network-interface" => ResourceType::NetworkInterface,
            "outpost-lag" => ResourceType::OutpostLag,
            "placement-group" => ResourceType::PlacementGroup,
            "prefix-list" => ResourceType::PrefixList,
            "replace-root-volume-task" => ResourceType::ReplaceRootVolumeTask,
            "reserved-instances" => ResourceType::ReservedInstances,
            "route-server" => ResourceType::RouteServer,
            "route-server-endpoint" => ResourceType::RouteServerEndpoint,
            "route-server-peer" => ResourceType::RouteServerPeer,
            "route-table" => ResourceType::RouteTable,
            "secondary-interface" => ResourceType::SecondaryInterface,
            "secondary-network" => ResourceType::SecondaryNetwork,
            "secondary-subnet" => ResourceType::SecondarySubnet,
            "security-group" => ResourceType::SecurityGroup,
            "security-group-rule" => ResourceType::SecurityGroupRule,
            "service-link-virtual-interface" => ResourceType::ServiceLinkVirtualInterface,
            "snapshot" => ResourceType::Snapshot,
            "spot-fleet-request" => ResourceType::SpotFleetRequest,
            "spot-instances-request" => ResourceType::SpotInstancesRequest,
            "subnet" => ResourceType::Subnet,
            "subnet-cidr-reservation" => ResourceType::SubnetCidrReservation,
            "traffic-mirror-filter" => ResourceType::TrafficMirrorFilter,
            "traffic-mirror-filter-rule" => ResourceType::TrafficMirrorFilterRule,
            "traffic-mirror-session" => ResourceType::TrafficMirrorSession,
            "traffic-mirror-target" => ResourceType::TrafficMirrorTarget,
            "transit-gateway" => ResourceType::TransitGateway,
            "transit-gateway-attachment" => ResourceType::TransitGatewayAttachment,
            "transit-gateway-connect-peer" => ResourceType::TransitGatewayConnectPeer,
            "transit-gateway-metering-policy" => ResourceType::TransitGatewayMeteringPolicy,
            "transit-gateway-multicast-domain" => ResourceType::TransitGatewayMulticastDomain,
            "transit-gateway-policy-table" => ResourceType::TransitGatewayPolicyTable,
            "transit-gateway-route-table" => ResourceType::TransitGatewayRouteTable,
            "transit-gateway-route-table-announcement" => ResourceType::TransitGatewayRouteTableAnnouncement,
            "verified-access-endpoint" => ResourceType::VerifiedAccessEndpoint,
            "verified-access-endpoint-target" => ResourceType::VerifiedAccessEndpointTarget,
            "verified-access-group" => ResourceType::VerifiedAccessGroup,
            "verified-access-instance" => ResourceType::VerifiedAccessInstance,
            "verified-access-policy" => ResourceType::VerifiedAccessPolicy,
            "verified-access-trust-provider" => ResourceType::VerifiedAccessTrustProvider,
            "volume" => ResourceType::Volume,
            "vpc" => ResourceType::Vpc,
            "vpc-block-public-access-exclusion" => ResourceType::VpcBlockPublicAccessExclusion,
            "vpc-encryption-control" => ResourceType::VpcEncryptionControl,
            "vpc-endpoint" => ResourceType::VpcEndpoint,
            "vpc-endpoint-connection" => ResourceType::VpcEndpointConnection,
            "vpc-endpoint-connection-device-type" => ResourceType::VpcEndpointConnectionDeviceType,
            "vpc-endpoint-service" => ResourceType::VpcEndpointService,
            "vpc-endpoint-service-permission" => ResourceType::VpcEndpointServicePermission,
            "vpc-flow-log" => ResourceType::VpcFlowLog,
            "vpc-peering-connection" => ResourceType::VpcPeeringConnection,
            "vpn-concentrator" => ResourceType::VpnConcentrator,
            "vpn-connection" => ResourceType::VpnConnection,
            "vpn-connection-device-type" => ResourceType::VpnConnectionDeviceType,
            "vpn-gateway" => ResourceType::VpnGateway,
            other => ResourceType::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ResourceType {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ResourceType::from(s))
    }
}
impl ResourceType {
    pub fn as_str(&self) -> &str {
        match self {
            ResourceType::ApplicationStatusCheck => "application-status-check",
            ResourceType::CapacityBlock => "capacity-block",
            ResourceType::CapacityManagerDataExport => "capacity-manager-data-export",
            ResourceType::CapacityReservation => "capacity-reservation",
            ResourceType::CapacityReservationCancellationQuote => "capacity-reservation-cancellation-quote",
            ResourceType::CapacityReservationFleet => "capacity-reservation-fleet",
            ResourceType::CapacityReservationModificationQuote => "capacity-reservation-modification-quote",
            ResourceType::CarrierGateway => "carrier-gateway",
            ResourceType::ClientVpnEndpoint => "client-vpn-endpoint",
            ResourceType::CoipPool => "coip-pool",
            ResourceType::CustomerGateway => "customer-gateway",
            ResourceType::DeclarativePoliciesReport => "declarative-policies-report",
            ResourceType::DedicatedHost => "dedicated-host",
            ResourceType::DhcpOptions => "dhcp-options",
            ResourceType::EgressOnlyInternetGateway => "egress-only-internet-gateway",
            ResourceType::ElasticGpu => "elastic-gpu",
            ResourceType::ElasticIp => "elastic-ip",
            ResourceType::ExportImageTask => "export-image-task",
            ResourceType::ExportInstanceTask => "export-instance-task",
            ResourceType::Fleet => "fleet",
            ResourceType::FpgaImage => "fpga-image",
            ResourceType::HostReservation => "host-reservation",
            ResourceType::Image => "image",
            ResourceType::ImageUsageReport => "image-usage-report",
            ResourceType::ImportImageTask => "import-image-task",
            ResourceType::ImportSnapshotTask => "import-snapshot-task",
            ResourceType::Instance => "instance",
            ResourceType::InstanceConnectEndpoint => "instance-connect-endpoint",
            ResourceType::InstanceEventWindow => "instance-event-window",
            ResourceType::InternetGateway => "internet-gateway",
            ResourceType::Ipam => "ipam",
            ResourceType::IpamExternalResourceVerificationToken => "ipam-external-resource-verification-token",
            ResourceType::IpamInternetRegistryAssociation => "ipam-internet-registry-association",
            ResourceType::IpamPolicy => "ipam-policy",
            ResourceType::IpamPool => "ipam-pool",
            ResourceType::IpamPoolAllocation => "ipam-pool-allocation",
            ResourceType::IpamPrefixListResolver => "ipam-prefix-list-resolver",
            ResourceType::IpamPrefixListResolverTarget => "ipam-prefix-list-resolver-target",
            ResourceType::IpamResourceDiscovery => "ipam-resource-discovery",
            ResourceType::IpamResourceDiscoveryAssociation => "ipam-resource-discovery-association",
            ResourceType::IpamScope => "ipam-scope",
            ResourceType::Ipv4poolEc2 => "ipv4pool-ec2",
            ResourceType::Ipv6poolEc2 => "ipv6pool-ec2",
            ResourceType::KeyPair => "key-pair",
            ResourceType::LaunchTemplate => "launch-template",
            ResourceType::LocalGateway => "local-gateway",
            ResourceType::LocalGatewayRouteTable => "local-gateway-route-table",
            ResourceType::LocalGatewayRouteTableVirtualInterfaceGroupAssociation => "local-gateway-route-table-virtual-interface-group-association",
            ResourceType::LocalGatewayRouteTableVpcAssociation => "local-gateway-route-table-vpc-association",
            ResourceType::LocalGatewayVirtualInterface => "local-gateway-virtual-interface",
            ResourceType::LocalGatewayVirtualInterfaceGroup => "local-gateway-virtual-interface-group",
            ResourceType::MacModificationTask => "mac-modification-task",
            ResourceType::Natgateway => "natgateway",
            ResourceType::NetworkAcl => "network-acl",
            ResourceType::NetworkInsightsAccessScope => "network-insights-access-scope",
            ResourceType::NetworkInsightsAccessScopeAnalysis => "network-insights-access-scope-analysis",
            ResourceType::NetworkInsightsAnalysis => "network-insights-analysis",
            ResourceType::NetworkInsightsPath => "network-insights-path",
            ResourceType::NetworkInterface => "network-interface",
            ResourceType::OutpostLag => "outpost-lag",
            ResourceType::PlacementGroup => "placement-group",
            ResourceType::PrefixList => "prefix-list",
            ResourceType::ReplaceRootVolumeTask => "replace-root-volume-task",
            ResourceType::ReservedInstances => "reserved-instances",
            ResourceType::RouteServer => "route-server",
            ResourceType::RouteServerEndpoint => "route-server-endpoint",
            ResourceType::RouteServerPeer => "route-server-peer",
            ResourceType::RouteTable => "route-table",
            ResourceType::SecondaryInterface => "secondary-interface",
            ResourceType::SecondaryNetwork => "secondary-network",
            ResourceType::SecondarySubnet => "secondary-subnet",
            ResourceType::SecurityGroup => "security-group",
            ResourceType::SecurityGroupRule => "security-group-rule",
            ResourceType::ServiceLinkVirtualInterface => "service-link-virtual-interface",
            ResourceType::Snapshot => "snapshot",
            ResourceType::SpotFleetRequest => "spot-fleet-request",
            ResourceType::SpotInstancesRequest => "spot-instances-request",
            ResourceType::Subnet => "subnet",
            ResourceType::SubnetCidrReservation => "subnet-cidr-reservation",
            ResourceType::TrafficMirrorFilter => "traffic-mirror-filter",
            ResourceType::TrafficMirrorFilterRule => "traffic-mirror-filter-rule",
            ResourceType::TrafficMirrorSession => "traffic-mirror-session",
            ResourceType::TrafficMirrorTarget => "traffic-mirror-target",
            ResourceType::TransitGateway => "transit-gateway",
            ResourceType::TransitGatewayAttachment => "transit-gateway-attachment",
            ResourceType::TransitGatewayConnectPeer => "transit-gateway-connect-peer",
            ResourceType::TransitGatewayMeteringPolicy => "transit-gateway-metering-policy",
            ResourceType::TransitGatewayMulticastDomain => "transit-gateway-multicast-domain",
            ResourceType::TransitGatewayPolicyTable => "transit-gateway-policy-table",
            ResourceType::TransitGatewayRouteTable => "transit-gateway-route-table",
            ResourceType::TransitGatewayRouteTableAnnouncement => "transit-gateway-route-table-announcement",
            ResourceType::VerifiedAccessEndpoint => "verified-access-endpoint",
            ResourceType::VerifiedAccessEndpointTarget => "verified-access-endpoint-target",
            ResourceType::VerifiedAccessGroup => "verified-access-group",
            ResourceType::VerifiedAccessInstance => "verified-access-instance",
            ResourceType::VerifiedAccessPolicy => "verified-access-policy",
            ResourceType::VerifiedAccessTrustProvider => "verified-access-trust-provider",
            ResourceType::Volume => "volume",
            ResourceType::Vpc => "vpc",
            ResourceType::VpcBlockPublicAccessExclusion => "vpc-block-public-access-exclusion",
            ResourceType::VpcEncryptionControl => "vpc-encryption-control",
            ResourceType::VpcEndpoint => "vpc-endpoint",
            ResourceType::VpcEndpointConnection => "vpc-endpoint-connection",
            ResourceType::VpcEndpointConnectionDeviceType => "vpc-endpoint-connection-device-type",
            ResourceType::VpcEndpointService => "vpc-endpoint-service",
            ResourceType::VpcEndpointServicePermission => "vpc-endpoint-service-permission",
            ResourceType::VpcFlowLog => "vpc-flow-log",
            ResourceType::VpcPeeringConnection => "vpc-peering-connection",
            ResourceType::VpnConcentrator => "vpn-concentrator",
            ResourceType::VpnConnection => "vpn-connection",
            ResourceType::VpnConnectionDeviceType => "vpn-connection-device-type",
            ResourceType::VpnGateway => "vpn-gateway",
            ResourceType::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &[
            "application-status-check",
            "capacity-block",
            "capacity-manager-data-export",
            "capacity-reservation",
            "capacity-reservation-cancellation-quote",
            "capacity-reservation-fleet",
            "capacity-reservation-modification-quote",
            "carrier-gateway",
            "client-vpn-endpoint",
            "coip-pool",
            "customer-gateway",
            "declarative-policies-report",
            "dedicated-host",
            "dhcp-options",
            "egress-only-internet-gateway",
            "elastic-gpu",
            "elastic-ip",
            "export-image-task",
            "export-instance-task",
            "fleet",
            "fpga-image",
            "host-reservation",
            "image",
            "image-usage-report",
            "import-image-task",
            "import-snapshot-task",
            "instance",
            "instance-connect-endpoint",
            "instance-event-window",
            "internet-gateway",
            "ipam",
            "ipam-external-resource-verification-token",
            "ipam-internet-registry-association",
            "ipam-policy",
            "ipam-pool",
            "ipam-pool-allocation",
            "ipam-prefix-list-resolver",
            "ipam-prefix-list-resolver-target",
            "ipam-resource-discovery",
            "ipam-resource-discovery-association",
            "ipam-scope",
            "ipv4pool-ec2",
            "ipv6pool-ec2",
            "key-pair",
            "launch-template",
            "local-gateway",
            "local-gateway-route-table",
            "local-gateway-route-table-virtual-interface-group-association",
            "local-gateway-route-table-vpc-association",
            "local-gateway-virtual-interface",
            "local-gateway-virtual-interface-group",
            "mac-modification-task",
            "natgateway",
            "network-acl",
            "network-insights-access-scope",
            "network-insights-access-scope-analysis",
            "network-insights-analysis",
            "network-insights-path",
            "network-interface",
            "outpost-lag",
            "placement-group",
            "prefix-list",
            "replace-root-volume-task",
            "reserved-instances",
            "route-server",
            "route-server-endpoint",
            "route-server-peer",
            "route-table",
            "secondary-interface",
            "secondary-network",
            "secondary-subnet",
            "security-group",
            "security-group-rule",
            "service-link-virtual-interface",
            "snapshot",
            "spot-fleet-request",
            "spot-instances-request",
            "subnet",
            "subnet-cidr-reservation",
            "traffic-mirror-filter",
            "traffic-mirror-filter-rule",
            "traffic-mirror-session",
            "traffic-mirror-target",
            "transit-gateway",
            "transit-gateway-attachment",
            "transit-gateway-connect-peer",
            "transit-gateway-metering-policy",
            "transit-gateway-multicast-domain",
            "transit-gateway-policy-table",
            "transit-gateway-route-table",
            "transit-gateway-route-table-announcement",
            "verified-access-endpoint",
            "verified-access-endpoint-target",
            "verified-access-group",
            "verified-access-instance",
            "verified-access-policy",
            "verified-access-trust-provider",
            "volume",
            "vpc",
            "vpc-block-public-access-exclusion",
            "vpc-encryption-control",
            "vpc-endpoint",
            "vpc-endpoint-connection",
            "vpc-endpoint-connection-device-type",
            "vpc-endpoint-service",
            "vpc-endpoint-service-permission",
            "vpc-flow-log",
            "vpc-peering-connection",
            "vpn-concentrator",
            "vpn-connection",
            "vpn-connection-device-type",
            "vpn-gateway",
        ]
    }
}
impl ::std::convert::AsRef<str> for ResourceType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ResourceType {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ResourceType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ResourceType::ApplicationStatusCheck => write!(f, "application-status-check"),
            ResourceType::CapacityBlock => write!(f, "capacity-block"),
            ResourceType::CapacityManagerDataExport => write!(f, "capacity-manager-data-export"),
            ResourceType::CapacityReservation => write!(f, "capacity-reservation"),
            ResourceType::CapacityReservationCancellationQuote => write!(f, "capacity-reservation-cancellation-quote"),
            ResourceType::CapacityReservationFleet => write!(f, "capacity-reservation-fleet"),
            ResourceType::CapacityReservationModificationQuote => write!(f, "capacity-reservation-modification-quote"),
            ResourceType::CarrierGateway => write!(f, "carrier-gateway"),
            ResourceType::ClientVpnEndpoint => write!(f, "client-vpn-endpoint"),
            ResourceType::CoipPool => write!(f, "coip-pool"),
            ResourceType::CustomerGateway => write!(f, "customer-gateway"),
            ResourceType::DeclarativePoliciesReport => write!(f, "declarative-policies-report"),
            ResourceType::DedicatedHost => write!(f, "dedicated-host"),
            ResourceType::DhcpOptions => write!(f, "dhcp-options"),
            ResourceType::EgressOnlyInternetGateway => write!(f, "egress-only-internet-gateway"),
            ResourceType::ElasticGpu => write!(f, "elastic-gpu"),
            ResourceType::ElasticIp => write!(f, "elastic-ip"),
            ResourceType::ExportImageTask => write!(f, "export-image-task"),
            ResourceType::ExportInstanceTask => write!(f, "export-instance-task"),
            ResourceType::Fleet => write!(f, "fleet"),
            ResourceType::FpgaImage => write!(f, "fpga-image"),
            ResourceType::HostReservation => write!(f, "host-reservation"),
            ResourceType::Image => write!(f, "image"),
            ResourceType::ImageUsageReport => write!(f, "image-usage-report"),
            ResourceType::ImportImageTask => write!(f, "import-image-task"),
            ResourceType::ImportSnapshotTask => write!(f, "import-snapshot-task"),
            ResourceType::Instance => write!(f, "instance"),
            ResourceType::InstanceConnectEndpoint => write!(f, "instance-connect-endpoint"),
            ResourceType::InstanceEventWindow => write!(f, "instance-event-window"),
            ResourceType::InternetGateway => write!(f, "internet-gateway"),
            ResourceType::Ipam => write!(f, "ipam"),
            ResourceType::IpamExternalResourceVerificationToken => write!(f, "ipam-external-resource-verification-token"),
            ResourceType::IpamInternetRegistryAssociation => write!(f, "ipam-internet-registry-association"),
            ResourceType::IpamPolicy => write!(f, "ipam-policy"),
            ResourceType::IpamPool => write!(f, "ipam-pool"),
            ResourceType::IpamPoolAllocation => write!(f, "ipam-pool-allocation"),
            ResourceType::IpamPrefixListResolver => write!(f, "ipam-prefix-list-resolver"),
            ResourceType::IpamPrefixListResolverTarget => write!(f, "ipam-prefix-list-resolver-target"),
            ResourceType::IpamResourceDiscovery => write!(f, "ipam-resource-discovery"),
            ResourceType::IpamResourceDiscoveryAssociation => write!(f, "ipam-resource-discovery-association"),
            ResourceType::IpamScope => write!(f, "ipam-scope"),
            ResourceType::Ipv4poolEc2 => write!(f, "ipv4pool-ec2"),
            ResourceType::Ipv6poolEc2 => write!(f, "ipv6pool-ec2"),
            ResourceType::KeyPair => write!(f, "key-pair"),
            ResourceType::LaunchTemplate => write!(f, "launch-template"),
            ResourceType::LocalGateway => write!(f, "local-gateway"),
            ResourceType::LocalGatewayRouteTable => write!(f, "local-gateway-route-table"),
            ResourceType::LocalGatewayRouteTableVirtualInterfaceGroupAssociation => {
                write!(f, "local-gateway-route-table-virtual-interface-group-association")
            }
            ResourceType::LocalGatewayRouteTableVpcAssociation => write!(f, "local-gateway-route-table-vpc-association"),
            ResourceType::LocalGatewayVirtualInterface => write!(f, "local-gateway-virtual-interface"),
            ResourceType::LocalGatewayVirtualInterfaceGroup => write!(f, "local-gateway-virtual-interface-group"),
            ResourceType::MacModificationTask => write!(f, "mac-modification-task"),
            ResourceType::Natgateway => write!(f, "natgateway"),
            ResourceType::NetworkAcl => write!(f, "network-acl"),
            ResourceType::NetworkInsightsAccessScope => write!(f, "network-insights-access-scope"),
            ResourceType::NetworkInsightsAccessScopeAnalysis => write!(f, "network-insights-access-scope-analysis"),
            ResourceType::NetworkInsightsAnalysis => write!(f, "network-insights-analysis"),
            ResourceType::NetworkInsightsPath => write!(f, "network-insights-path"),
            ResourceType::NetworkInterface => write!(f, "network-interface"),
            ResourceType::OutpostLag => write!(f, "outpost-lag"),
            ResourceType::PlacementGroup => write!(f, "placement-group"),
            ResourceType::PrefixList => write!(f, "prefix-list"),
            ResourceType::ReplaceRootVolumeTask => write!(f, "replace-root-volume-task"),
            ResourceType::ReservedInstances => write!(f, "reserved-instances"),
            ResourceType::RouteServer => write!(f, "route-server"),
            ResourceType::RouteServerEndpoint => write!(f, "route-server-endpoint"),
            ResourceType::RouteServerPeer => write!(f, "route-server-peer"),
            ResourceType::RouteTable => write!(f, "route-table"),
            ResourceType::SecondaryInterface => write!(f, "secondary-interface"),
            ResourceType::SecondaryNetwork => write!(f, "secondary-network"),
            ResourceType::SecondarySubnet => write!(f, "secondary-subnet"),
            ResourceType::SecurityGroup => write!(f, "security-group"),
            ResourceType::SecurityGroupRule => write!(f, "security-group-rule"),
            ResourceType::ServiceLinkVirtualInterface => write!(f, "service-link-virtual-interface"),
            ResourceType::Snapshot => write!(f, "snapshot"),
            ResourceType::SpotFleetRequest => write!(f, "spot-fleet-request"),
            ResourceType::SpotInstancesRequest => write!(f, "spot-instances-request"),
            ResourceType::Subnet => write!(f, "subnet"),
            ResourceType::SubnetCidrReservation => write!(f, "subnet-cidr-reservation"),
            ResourceType::TrafficMirrorFilter => write!(f, "traffic-mirror-filter"),
            ResourceType::TrafficMirrorFilterRule => write!(f, "traffic-mirror-filter-rule"),
            ResourceType::TrafficMirrorSession => write!(f, "traffic-mirror-session"),
            ResourceType::TrafficMirrorTarget => write!(f, "traffic-mirror-target"),
            ResourceType::TransitGateway => write!(f, "transit-gateway"),
            ResourceType::TransitGatewayAttachment => write!(f, "transit-gateway-attachment"),
            ResourceType::TransitGatewayConnectPeer => write!(f, "transit-gateway-connect-peer"),
            ResourceType::TransitGatewayMeteringPolicy => write!(f, "transit-gateway-metering-policy"),
            ResourceType::TransitGatewayMulticastDomain => write!(f, "transit-gateway-multicast-domain"),
            ResourceType::TransitGatewayPolicyTable => write!(f, "transit-gateway-policy-table"),
            ResourceType::TransitGatewayRouteTable => write!(f, "transit-gateway-route-table"),
            ResourceType::TransitGatewayRouteTableAnnouncement => write!(f, "transit-gateway-route-table-announcement"),
            ResourceType::VerifiedAccessEndpoint => write!(f, "verified-access-endpoint"),
            ResourceType::VerifiedAccessEndpointTarget => write!(f, "verified-access-endpoint-target"),
            ResourceType::VerifiedAccessGroup => write!(f, "verified-access-group"),
            ResourceType::VerifiedAccessInstance => write!(f, "verified-access-instance"),
            ResourceType::VerifiedAccessPolicy => write!(f, "verified-access-policy"),
            ResourceType::VerifiedAccessTrustProvider => write!(f, "verified-access-trust-provider"),
            ResourceType::Volume => write!(f, "volume"),
            ResourceType::Vpc => write!(f, "vpc"),
            ResourceType::VpcBlockPublicAccessExclusion => write!(f, "vpc-block-public-access-exclusion"),
            ResourceType::VpcEncryptionControl => write!(f, "vpc-encryption-control"),
            ResourceType::VpcEndpoint => write!(f, "vpc-endpoint"),
            ResourceType::VpcEndpointConnection => write!(f, "vpc-endpoint-connection"),
            ResourceType::VpcEndpointConnectionDeviceType => write!(f, "vpc-endpoint-connection-device-type"),
            ResourceType::VpcEndpointService => write!(f, "vpc-endpoint-service"),
            ResourceType::VpcEndpointServicePermission => write!(f, "vpc-endpoint-service-permission"),
            ResourceType::VpcFlowLog => write!(f, "vpc-flow-log"),
            ResourceType::VpcPeeringConnection => write!(f, "vpc-peering-connection"),
            ResourceType::VpnConcentrator => write!(f, "vpn-concentrator"),
            ResourceType::VpnConnection => write!(f, "vpn-connection"),
            ResourceType::VpnConnectionDeviceType => write!(f, "vpn-connection-device-type"),
            ResourceType::VpnGateway => write!(f, "vpn-gateway"),
            ResourceType::Unknown(value) => write!(f, "{value}"),
        }
    }
}
