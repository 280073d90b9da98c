/// The UIDs of PS3.6 annex A as one text, in ascending order of their characters.
///
/// Made by Tests/Tables/dictionary.py from pydicom 3.0.2 and PS3.4 table B.5-1; not edited by hand. After
/// the UID: what it is (`I`, `W`, `C` storage class of images, waveforms, composite instances; `N` another SOP or
/// service class; `T` transfer syntax; `-` neither), then `*` when retired, and the name.
enum UIDTable {
    static let uids: StaticString = """
        1.2.840.10008.1.1 N  Verification
        1.2.840.10008.1.2 T  Implicit VR Little Endian
        1.2.840.10008.1.2.1 T  Explicit VR Little Endian
        1.2.840.10008.1.2.1.98 T  Encapsulated Uncompressed Explicit VR Little Endian
        1.2.840.10008.1.2.1.99 T  Deflated Explicit VR Little Endian
        1.2.840.10008.1.2.2 T* Explicit VR Big Endian
        1.2.840.10008.1.2.4.100 T  MPEG2 Main Profile / Main Level
        1.2.840.10008.1.2.4.100.1 T  Fragmentable MPEG2 Main Profile / Main Level
        1.2.840.10008.1.2.4.101 T  MPEG2 Main Profile / High Level
        1.2.840.10008.1.2.4.101.1 T  Fragmentable MPEG2 Main Profile / High Level
        1.2.840.10008.1.2.4.102 T  MPEG-4 AVC/H.264 High Profile / Level 4.1
        1.2.840.10008.1.2.4.102.1 T  Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1
        1.2.840.10008.1.2.4.103 T  MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1
        1.2.840.10008.1.2.4.103.1 T  Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1
        1.2.840.10008.1.2.4.104 T  MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video
        1.2.840.10008.1.2.4.104.1 T  Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video
        1.2.840.10008.1.2.4.105 T  MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video
        1.2.840.10008.1.2.4.105.1 T  Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video
        1.2.840.10008.1.2.4.106 T  MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2
        1.2.840.10008.1.2.4.106.1 T  Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2
        1.2.840.10008.1.2.4.107 T  HEVC/H.265 Main Profile / Level 5.1
        1.2.840.10008.1.2.4.108 T  HEVC/H.265 Main 10 Profile / Level 5.1
        1.2.840.10008.1.2.4.201 T  High-Throughput JPEG 2000 Image Compression (Lossless Only)
        1.2.840.10008.1.2.4.202 T  High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)
        1.2.840.10008.1.2.4.203 T  High-Throughput JPEG 2000 Image Compression
        1.2.840.10008.1.2.4.204 T  JPIP HTJ2K Referenced
        1.2.840.10008.1.2.4.205 T  JPIP HTJ2K Referenced Deflate
        1.2.840.10008.1.2.4.50 T  JPEG Baseline (Process 1)
        1.2.840.10008.1.2.4.51 T  JPEG Extended (Process 2 and 4)
        1.2.840.10008.1.2.4.52 T* JPEG Extended (Process 3 and 5)
        1.2.840.10008.1.2.4.53 T* JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)
        1.2.840.10008.1.2.4.54 T* JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)
        1.2.840.10008.1.2.4.55 T* JPEG Full Progression, Non-Hierarchical (Process 10 and 12)
        1.2.840.10008.1.2.4.56 T* JPEG Full Progression, Non-Hierarchical (Process 11 and 13)
        1.2.840.10008.1.2.4.57 T  JPEG Lossless, Non-Hierarchical (Process 14)
        1.2.840.10008.1.2.4.58 T* JPEG Lossless, Non-Hierarchical (Process 15)
        1.2.840.10008.1.2.4.59 T* JPEG Extended, Hierarchical (Process 16 and 18)
        1.2.840.10008.1.2.4.60 T* JPEG Extended, Hierarchical (Process 17 and 19)
        1.2.840.10008.1.2.4.61 T* JPEG Spectral Selection, Hierarchical (Process 20 and 22)
        1.2.840.10008.1.2.4.62 T* JPEG Spectral Selection, Hierarchical (Process 21 and 23)
        1.2.840.10008.1.2.4.63 T* JPEG Full Progression, Hierarchical (Process 24 and 26)
        1.2.840.10008.1.2.4.64 T* JPEG Full Progression, Hierarchical (Process 25 and 27)
        1.2.840.10008.1.2.4.65 T* JPEG Lossless, Hierarchical (Process 28)
        1.2.840.10008.1.2.4.66 T* JPEG Lossless, Hierarchical (Process 29)
        1.2.840.10008.1.2.4.70 T  JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])
        1.2.840.10008.1.2.4.80 T  JPEG-LS Lossless Image Compression
        1.2.840.10008.1.2.4.81 T  JPEG-LS Lossy (Near-Lossless) Image Compression
        1.2.840.10008.1.2.4.90 T  JPEG 2000 Image Compression (Lossless Only)
        1.2.840.10008.1.2.4.91 T  JPEG 2000 Image Compression
        1.2.840.10008.1.2.4.92 T  JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)
        1.2.840.10008.1.2.4.93 T  JPEG 2000 Part 2 Multi-component Image Compression
        1.2.840.10008.1.2.4.94 T  JPIP Referenced
        1.2.840.10008.1.2.4.95 T  JPIP Referenced Deflate
        1.2.840.10008.1.2.5 T  RLE Lossless
        1.2.840.10008.1.2.6.1 T* RFC 2557 MIME encapsulation
        1.2.840.10008.1.2.6.2 T* XML Encoding
        1.2.840.10008.1.2.7.1 T  SMPTE ST 2110-20 Uncompressed Progressive Active Video
        1.2.840.10008.1.2.7.2 T  SMPTE ST 2110-20 Uncompressed Interlaced Active Video
        1.2.840.10008.1.2.7.3 T  SMPTE ST 2110-30 PCM Digital Audio
        1.2.840.10008.1.20 T* Papyrus 3 Implicit VR Little Endian
        1.2.840.10008.1.20.1 N  Storage Commitment Push Model
        1.2.840.10008.1.20.1.1 -  Storage Commitment Push Model SOP Instance
        1.2.840.10008.1.20.2 N* Storage Commitment Pull Model
        1.2.840.10008.1.20.2.1 -* Storage Commitment Pull Model SOP Instance
        1.2.840.10008.1.3.10 N  Media Storage Directory Storage
        1.2.840.10008.1.4.1.1 -  Talairach Brain Atlas Frame of Reference
        1.2.840.10008.1.4.1.10 -  SPM2 GRAY Frame of Reference
        1.2.840.10008.1.4.1.11 -  SPM2 WHITE Frame of Reference
        1.2.840.10008.1.4.1.12 -  SPM2 CSF Frame of Reference
        1.2.840.10008.1.4.1.13 -  SPM2 BRAINMASK Frame of Reference
        1.2.840.10008.1.4.1.14 -  SPM2 AVG305T1 Frame of Reference
        1.2.840.10008.1.4.1.15 -  SPM2 AVG152T1 Frame of Reference
        1.2.840.10008.1.4.1.16 -  SPM2 AVG152T2 Frame of Reference
        1.2.840.10008.1.4.1.17 -  SPM2 AVG152PD Frame of Reference
        1.2.840.10008.1.4.1.18 -  SPM2 SINGLESUBJT1 Frame of Reference
        1.2.840.10008.1.4.1.2 -  SPM2 T1 Frame of Reference
        1.2.840.10008.1.4.1.3 -  SPM2 T2 Frame of Reference
        1.2.840.10008.1.4.1.4 -  SPM2 PD Frame of Reference
        1.2.840.10008.1.4.1.5 -  SPM2 EPI Frame of Reference
        1.2.840.10008.1.4.1.6 -  SPM2 FIL T1 Frame of Reference
        1.2.840.10008.1.4.1.7 -  SPM2 PET Frame of Reference
        1.2.840.10008.1.4.1.8 -  SPM2 TRANSM Frame of Reference
        1.2.840.10008.1.4.1.9 -  SPM2 SPECT Frame of Reference
        1.2.840.10008.1.4.2.1 -  ICBM 452 T1 Frame of Reference
        1.2.840.10008.1.4.2.2 -  ICBM Single Subject MRI Frame of Reference
        1.2.840.10008.1.4.3.1 -  IEC 61217 Fixed Coordinate System Frame of Reference
        1.2.840.10008.1.4.3.2 -  Standard Robotic-Arm Coordinate System Frame of Reference
        1.2.840.10008.1.4.3.3 -  IEC 61217 Table Top Coordinate System Frame of Reference
        1.2.840.10008.1.4.4.1 -  SRI24 Frame of Reference
        1.2.840.10008.1.4.5.1 -  Colin27 Frame of Reference
        1.2.840.10008.1.4.6.1 -  LPBA40/AIR Frame of Reference
        1.2.840.10008.1.4.6.2 -  LPBA40/FLIRT Frame of Reference
        1.2.840.10008.1.4.6.3 -  LPBA40/SPM5 Frame of Reference
        1.2.840.10008.1.40 N  Procedural Event Logging
        1.2.840.10008.1.40.1 -  Procedural Event Logging SOP Instance
        1.2.840.10008.1.42 N  Substance Administration Logging
        1.2.840.10008.1.42.1 -  Substance Administration Logging SOP Instance
        1.2.840.10008.1.5.1 -  Hot Iron Color Palette SOP Instance
        1.2.840.10008.1.5.2 -  PET Color Palette SOP Instance
        1.2.840.10008.1.5.3 -  Hot Metal Blue Color Palette SOP Instance
        1.2.840.10008.1.5.4 -  PET 20 Step Color Palette SOP Instance
        1.2.840.10008.1.5.5 -  Spring Color Palette SOP Instance
        1.2.840.10008.1.5.6 -  Summer Color Palette SOP Instance
        1.2.840.10008.1.5.7 -  Fall Color Palette SOP Instance
        1.2.840.10008.1.5.8 -  Winter Color Palette SOP Instance
        1.2.840.10008.1.9 N* Basic Study Content Notification
        1.2.840.10008.10.1 N  Video Endoscopic Image Real-Time Communication
        1.2.840.10008.10.2 N  Video Photographic Image Real-Time Communication
        1.2.840.10008.10.3 N  Audio Waveform Real-Time Communication
        1.2.840.10008.10.4 N  Rendition Selection Document Real-Time Communication
        1.2.840.10008.15.0.3.1 -  dicomDeviceName
        1.2.840.10008.15.0.3.10 -  dicomAssociationInitiator
        1.2.840.10008.15.0.3.11 -  dicomAssociationAcceptor
        1.2.840.10008.15.0.3.12 -  dicomHostname
        1.2.840.10008.15.0.3.13 -  dicomPort
        1.2.840.10008.15.0.3.14 -  dicomSOPClass
        1.2.840.10008.15.0.3.15 -  dicomTransferRole
        1.2.840.10008.15.0.3.16 -  dicomTransferSyntax
        1.2.840.10008.15.0.3.17 -  dicomPrimaryDeviceType
        1.2.840.10008.15.0.3.18 -  dicomRelatedDeviceReference
        1.2.840.10008.15.0.3.19 -  dicomPreferredCalledAETitle
        1.2.840.10008.15.0.3.2 -  dicomDescription
        1.2.840.10008.15.0.3.20 -  dicomTLSCyphersuite
        1.2.840.10008.15.0.3.21 -  dicomAuthorizedNodeCertificateReference
        1.2.840.10008.15.0.3.22 -  dicomThisNodeCertificateReference
        1.2.840.10008.15.0.3.23 -  dicomInstalled
        1.2.840.10008.15.0.3.24 -  dicomStationName
        1.2.840.10008.15.0.3.25 -  dicomDeviceSerialNumber
        1.2.840.10008.15.0.3.26 -  dicomInstitutionName
        1.2.840.10008.15.0.3.27 -  dicomInstitutionAddress
        1.2.840.10008.15.0.3.28 -  dicomInstitutionDepartmentName
        1.2.840.10008.15.0.3.29 -  dicomIssuerOfPatientID
        1.2.840.10008.15.0.3.3 -  dicomManufacturer
        1.2.840.10008.15.0.3.30 -  dicomPreferredCallingAETitle
        1.2.840.10008.15.0.3.31 -  dicomSupportedCharacterSet
        1.2.840.10008.15.0.3.4 -  dicomManufacturerModelName
        1.2.840.10008.15.0.3.5 -  dicomSoftwareVersion
        1.2.840.10008.15.0.3.6 -  dicomVendorData
        1.2.840.10008.15.0.3.7 -  dicomAETitle
        1.2.840.10008.15.0.3.8 -  dicomNetworkConnectionReference
        1.2.840.10008.15.0.3.9 -  dicomApplicationCluster
        1.2.840.10008.15.0.4.1 -  dicomConfigurationRoot
        1.2.840.10008.15.0.4.2 -  dicomDevicesRoot
        1.2.840.10008.15.0.4.3 -  dicomUniqueAETitlesRegistryRoot
        1.2.840.10008.15.0.4.4 -  dicomDevice
        1.2.840.10008.15.0.4.5 -  dicomNetworkAE
        1.2.840.10008.15.0.4.6 -  dicomNetworkConnection
        1.2.840.10008.15.0.4.7 -  dicomUniqueAETitle
        1.2.840.10008.15.0.4.8 -  dicomTransferCapability
        1.2.840.10008.15.1.1 -  Universal Coordinated Time
        1.2.840.10008.2.16.10 -  Dublin Core
        1.2.840.10008.2.16.11 -  New York University Melanoma Clinical Cooperative Group
        1.2.840.10008.2.16.12 -  Mayo Clinic Non-radiological Images Specific Body Structure Anatomical Surface Region Guide
        1.2.840.10008.2.16.13 -  Image Biomarker Standardisation Initiative
        1.2.840.10008.2.16.14 -  Radiomics Ontology
        1.2.840.10008.2.16.15 -  RadElement
        1.2.840.10008.2.16.16 -  ICD-11
        1.2.840.10008.2.16.17 -  Unified numbering system (UNS) for metals and alloys
        1.2.840.10008.2.16.18 -  Research Resource Identification
        1.2.840.10008.2.16.4 -  DICOM Controlled Terminology
        1.2.840.10008.2.16.5 -  Adult Mouse Anatomy Ontology
        1.2.840.10008.2.16.6 -  Uberon Ontology
        1.2.840.10008.2.16.7 -  Integrated Taxonomic Information System (ITIS) Taxonomic Serial Number (TSN)
        1.2.840.10008.2.16.8 -  Mouse Genome Initiative (MGI)
        1.2.840.10008.2.16.9 -  PubChem Compound CID
        1.2.840.10008.2.6.1 -  DICOM UID Registry
        1.2.840.10008.3.1.1.1 -  DICOM Application Context Name
        1.2.840.10008.3.1.2.1.1 N* Detached Patient Management
        1.2.840.10008.3.1.2.1.4 N* Detached Patient Management Meta
        1.2.840.10008.3.1.2.2.1 N* Detached Visit Management
        1.2.840.10008.3.1.2.3.1 N* Detached Study Management
        1.2.840.10008.3.1.2.3.2 N* Study Component Management
        1.2.840.10008.3.1.2.3.3 N  Modality Performed Procedure Step
        1.2.840.10008.3.1.2.3.4 N  Modality Performed Procedure Step Retrieve
        1.2.840.10008.3.1.2.3.5 N  Modality Performed Procedure Step Notification
        1.2.840.10008.3.1.2.5.1 N* Detached Results Management
        1.2.840.10008.3.1.2.5.4 N* Detached Results Management Meta
        1.2.840.10008.3.1.2.5.5 N* Detached Study Management Meta
        1.2.840.10008.3.1.2.6.1 N* Detached Interpretation Management
        1.2.840.10008.4.2 N  Storage Service Class
        1.2.840.10008.5.1.1.1 N  Basic Film Session
        1.2.840.10008.5.1.1.14 N  Print Job
        1.2.840.10008.5.1.1.15 N  Basic Annotation Box
        1.2.840.10008.5.1.1.16 N  Printer
        1.2.840.10008.5.1.1.16.376 N  Printer Configuration Retrieval
        1.2.840.10008.5.1.1.17 -  Printer SOP Instance
        1.2.840.10008.5.1.1.17.376 -  Printer Configuration Retrieval SOP Instance
        1.2.840.10008.5.1.1.18 N  Basic Color Print Management Meta
        1.2.840.10008.5.1.1.18.1 N* Referenced Color Print Management Meta
        1.2.840.10008.5.1.1.2 N  Basic Film Box
        1.2.840.10008.5.1.1.22 N  VOI LUT Box
        1.2.840.10008.5.1.1.23 N  Presentation LUT
        1.2.840.10008.5.1.1.24 N* Image Overlay Box
        1.2.840.10008.5.1.1.24.1 N* Basic Print Image Overlay Box
        1.2.840.10008.5.1.1.25 -* Print Queue SOP Instance
        1.2.840.10008.5.1.1.26 N* Print Queue Management
        1.2.840.10008.5.1.1.27 C* Stored Print Storage
        1.2.840.10008.5.1.1.29 I* Hardcopy Grayscale Image Storage
        1.2.840.10008.5.1.1.30 I* Hardcopy Color Image Storage
        1.2.840.10008.5.1.1.31 N* Pull Print Request
        1.2.840.10008.5.1.1.32 N* Pull Stored Print Management Meta
        1.2.840.10008.5.1.1.33 N  Media Creation Management
        1.2.840.10008.5.1.1.4 N  Basic Grayscale Image Box
        1.2.840.10008.5.1.1.4.1 N  Basic Color Image Box
        1.2.840.10008.5.1.1.4.2 N* Referenced Image Box
        1.2.840.10008.5.1.1.40 N  Display System
        1.2.840.10008.5.1.1.40.1 -  Display System SOP Instance
        1.2.840.10008.5.1.1.9 N  Basic Grayscale Print Management Meta
        1.2.840.10008.5.1.1.9.1 N* Referenced Grayscale Print Management Meta
        1.2.840.10008.5.1.4.1.1.1 I  Computed Radiography Image Storage
        1.2.840.10008.5.1.4.1.1.1.1 I  Digital X-Ray Image Storage - For Presentation
        1.2.840.10008.5.1.4.1.1.1.1.1 I  Digital X-Ray Image Storage - For Processing
        1.2.840.10008.5.1.4.1.1.1.2 I  Digital Mammography X-Ray Image Storage - For Presentation
        1.2.840.10008.5.1.4.1.1.1.2.1 I  Digital Mammography X-Ray Image Storage - For Processing
        1.2.840.10008.5.1.4.1.1.1.3 I  Digital Intra-Oral X-Ray Image Storage - For Presentation
        1.2.840.10008.5.1.4.1.1.1.3.1 I  Digital Intra-Oral X-Ray Image Storage - For Processing
        1.2.840.10008.5.1.4.1.1.10 C* Standalone Modality LUT Storage
        1.2.840.10008.5.1.4.1.1.104.1 C  Encapsulated PDF Storage
        1.2.840.10008.5.1.4.1.1.104.2 C  Encapsulated CDA Storage
        1.2.840.10008.5.1.4.1.1.104.3 C  Encapsulated STL Storage
        1.2.840.10008.5.1.4.1.1.104.4 C  Encapsulated OBJ Storage
        1.2.840.10008.5.1.4.1.1.104.5 C  Encapsulated MTL Storage
        1.2.840.10008.5.1.4.1.1.11 C* Standalone VOI LUT Storage
        1.2.840.10008.5.1.4.1.1.11.1 C  Grayscale Softcopy Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.10 C  Segmented Volume Rendering Volumetric Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.11 C  Multiple Volume Rendering Volumetric Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.12 C  Variable Modality LUT Softcopy Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.2 C  Color Softcopy Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.3 C  Pseudo-Color Softcopy Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.4 C  Blending Softcopy Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.5 C  XA/XRF Grayscale Softcopy Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.6 C  Grayscale Planar MPR Volumetric Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.7 C  Compositing Planar MPR Volumetric Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.8 C  Advanced Blending Presentation State Storage
        1.2.840.10008.5.1.4.1.1.11.9 C  Volume Rendering Volumetric Presentation State Storage
        1.2.840.10008.5.1.4.1.1.12.1 I  X-Ray Angiographic Image Storage
        1.2.840.10008.5.1.4.1.1.12.1.1 I  Enhanced XA Image Storage
        1.2.840.10008.5.1.4.1.1.12.2 I  X-Ray Radiofluoroscopic Image Storage
        1.2.840.10008.5.1.4.1.1.12.2.1 I  Enhanced XRF Image Storage
        1.2.840.10008.5.1.4.1.1.12.3 I* X-Ray Angiographic Bi-Plane Image Storage
        1.2.840.10008.5.1.4.1.1.128 I  Positron Emission Tomography Image Storage
        1.2.840.10008.5.1.4.1.1.128.1 I  Legacy Converted Enhanced PET Image Storage
        1.2.840.10008.5.1.4.1.1.129 C* Standalone PET Curve Storage
        1.2.840.10008.5.1.4.1.1.13.1.1 I  X-Ray 3D Angiographic Image Storage
        1.2.840.10008.5.1.4.1.1.13.1.2 I  X-Ray 3D Craniofacial Image Storage
        1.2.840.10008.5.1.4.1.1.13.1.3 I  Breast Tomosynthesis Image Storage
        1.2.840.10008.5.1.4.1.1.13.1.4 I  Breast Projection X-Ray Image Storage - For Presentation
        1.2.840.10008.5.1.4.1.1.13.1.5 I  Breast Projection X-Ray Image Storage - For Processing
        1.2.840.10008.5.1.4.1.1.130 I  Enhanced PET Image Storage
        1.2.840.10008.5.1.4.1.1.131 C  Basic Structured Display Storage
        1.2.840.10008.5.1.4.1.1.14.1 I  Intravascular Optical Coherence Tomography Image Storage - For Presentation
        1.2.840.10008.5.1.4.1.1.14.2 I  Intravascular Optical Coherence Tomography Image Storage - For Processing
        1.2.840.10008.5.1.4.1.1.2 I  CT Image Storage
        1.2.840.10008.5.1.4.1.1.2.1 I  Enhanced CT Image Storage
        1.2.840.10008.5.1.4.1.1.2.2 I  Legacy Converted Enhanced CT Image Storage
        1.2.840.10008.5.1.4.1.1.20 I  Nuclear Medicine Image Storage
        1.2.840.10008.5.1.4.1.1.200.1 C  CT Defined Procedure Protocol Storage
        1.2.840.10008.5.1.4.1.1.200.2 C  CT Performed Procedure Protocol Storage
        1.2.840.10008.5.1.4.1.1.200.3 C  Protocol Approval Storage
        1.2.840.10008.5.1.4.1.1.200.4 N  Protocol Approval Information Model - FIND
        1.2.840.10008.5.1.4.1.1.200.5 N  Protocol Approval Information Model - MOVE
        1.2.840.10008.5.1.4.1.1.200.6 N  Protocol Approval Information Model - GET
        1.2.840.10008.5.1.4.1.1.200.7 C  XA Defined Procedure Protocol Storage
        1.2.840.10008.5.1.4.1.1.200.8 C  XA Performed Procedure Protocol Storage
        1.2.840.10008.5.1.4.1.1.201.1 C  Inventory Storage
        1.2.840.10008.5.1.4.1.1.201.1.1 -  Storage Management SOP Instance
        1.2.840.10008.5.1.4.1.1.201.2 N  Inventory - FIND
        1.2.840.10008.5.1.4.1.1.201.3 N  Inventory - MOVE
        1.2.840.10008.5.1.4.1.1.201.4 N  Inventory - GET
        1.2.840.10008.5.1.4.1.1.201.5 N  Inventory Creation
        1.2.840.10008.5.1.4.1.1.201.6 N  Repository Query
        1.2.840.10008.5.1.4.1.1.3 I* Ultrasound Multi-frame Image Storage
        1.2.840.10008.5.1.4.1.1.3.1 I  Ultrasound Multi-frame Image Storage
        1.2.840.10008.5.1.4.1.1.30 I  Parametric Map Storage
        1.2.840.10008.5.1.4.1.1.4 I  MR Image Storage
        1.2.840.10008.5.1.4.1.1.4.1 I  Enhanced MR Image Storage
        1.2.840.10008.5.1.4.1.1.4.2 C  MR Spectroscopy Storage
        1.2.840.10008.5.1.4.1.1.4.3 I  Enhanced MR Color Image Storage
        1.2.840.10008.5.1.4.1.1.4.4 I  Legacy Converted Enhanced MR Image Storage
        1.2.840.10008.5.1.4.1.1.481.1 I  RT Image Storage
        1.2.840.10008.5.1.4.1.1.481.10 C  RT Physician Intent Storage
        1.2.840.10008.5.1.4.1.1.481.11 C  RT Segment Annotation Storage
        1.2.840.10008.5.1.4.1.1.481.12 C  RT Radiation Set Storage
        1.2.840.10008.5.1.4.1.1.481.13 C  C-Arm Photon-Electron Radiation Storage
        1.2.840.10008.5.1.4.1.1.481.14 C  Tomotherapeutic Radiation Storage
        1.2.840.10008.5.1.4.1.1.481.15 C  Robotic-Arm Radiation Storage
        1.2.840.10008.5.1.4.1.1.481.16 C  RT Radiation Record Set Storage
        1.2.840.10008.5.1.4.1.1.481.17 C  RT Radiation Salvage Record Storage
        1.2.840.10008.5.1.4.1.1.481.18 C  Tomotherapeutic Radiation Record Storage
        1.2.840.10008.5.1.4.1.1.481.19 C  C-Arm Photon-Electron Radiation Record Storage
        1.2.840.10008.5.1.4.1.1.481.2 C  RT Dose Storage
        1.2.840.10008.5.1.4.1.1.481.20 C  Robotic Radiation Record Storage
        1.2.840.10008.5.1.4.1.1.481.21 C  RT Radiation Set Delivery Instruction Storage
        1.2.840.10008.5.1.4.1.1.481.22 C  RT Treatment Preparation Storage
        1.2.840.10008.5.1.4.1.1.481.23 I  Enhanced RT Image Storage
        1.2.840.10008.5.1.4.1.1.481.24 I  Enhanced Continuous RT Image Storage
        1.2.840.10008.5.1.4.1.1.481.25 C  RT Patient Position Acquisition Instruction Storage
        1.2.840.10008.5.1.4.1.1.481.3 C  RT Structure Set Storage
        1.2.840.10008.5.1.4.1.1.481.4 C  RT Beams Treatment Record Storage
        1.2.840.10008.5.1.4.1.1.481.5 C  RT Plan Storage
        1.2.840.10008.5.1.4.1.1.481.6 C  RT Brachy Treatment Record Storage
        1.2.840.10008.5.1.4.1.1.481.7 C  RT Treatment Summary Record Storage
        1.2.840.10008.5.1.4.1.1.481.8 C  RT Ion Plan Storage
        1.2.840.10008.5.1.4.1.1.481.9 C  RT Ion Beams Treatment Record Storage
        1.2.840.10008.5.1.4.1.1.5 I* Nuclear Medicine Image Storage
        1.2.840.10008.5.1.4.1.1.501.1 I  DICOS CT Image Storage
        1.2.840.10008.5.1.4.1.1.501.2.1 I  DICOS Digital X-Ray Image Storage - For Presentation
        1.2.840.10008.5.1.4.1.1.501.2.2 I  DICOS Digital X-Ray Image Storage - For Processing
        1.2.840.10008.5.1.4.1.1.501.3 C  DICOS Threat Detection Report Storage
        1.2.840.10008.5.1.4.1.1.501.4 C  DICOS 2D AIT Storage
        1.2.840.10008.5.1.4.1.1.501.5 C  DICOS 3D AIT Storage
        1.2.840.10008.5.1.4.1.1.501.6 C  DICOS Quadrupole Resonance (QR) Storage
        1.2.840.10008.5.1.4.1.1.6 I* Ultrasound Image Storage
        1.2.840.10008.5.1.4.1.1.6.1 I  Ultrasound Image Storage
        1.2.840.10008.5.1.4.1.1.6.2 I  Enhanced US Volume Storage
        1.2.840.10008.5.1.4.1.1.6.3 I  Photoacoustic Image Storage
        1.2.840.10008.5.1.4.1.1.601.1 I  Eddy Current Image Storage
        1.2.840.10008.5.1.4.1.1.601.2 I  Eddy Current Multi-frame Image Storage
        1.2.840.10008.5.1.4.1.1.66 C  Raw Data Storage
        1.2.840.10008.5.1.4.1.1.66.1 C  Spatial Registration Storage
        1.2.840.10008.5.1.4.1.1.66.2 C  Spatial Fiducials Storage
        1.2.840.10008.5.1.4.1.1.66.3 C  Deformable Spatial Registration Storage
        1.2.840.10008.5.1.4.1.1.66.4 I  Segmentation Storage
        1.2.840.10008.5.1.4.1.1.66.5 C  Surface Segmentation Storage
        1.2.840.10008.5.1.4.1.1.66.6 C  Tractography Results Storage
        1.2.840.10008.5.1.4.1.1.67 C  Real World Value Mapping Storage
        1.2.840.10008.5.1.4.1.1.68.1 C  Surface Scan Mesh Storage
        1.2.840.10008.5.1.4.1.1.68.2 C  Surface Scan Point Cloud Storage
        1.2.840.10008.5.1.4.1.1.7 I  Secondary Capture Image Storage
        1.2.840.10008.5.1.4.1.1.7.1 I  Multi-frame Single Bit Secondary Capture Image Storage
        1.2.840.10008.5.1.4.1.1.7.2 I  Multi-frame Grayscale Byte Secondary Capture Image Storage
        1.2.840.10008.5.1.4.1.1.7.3 I  Multi-frame Grayscale Word Secondary Capture Image Storage
        1.2.840.10008.5.1.4.1.1.7.4 I  Multi-frame True Color Secondary Capture Image Storage
        1.2.840.10008.5.1.4.1.1.77.1 I* VL Image Storage - Trial
        1.2.840.10008.5.1.4.1.1.77.1.1 I  VL Endoscopic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.1.1 I  Video Endoscopic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.2 I  VL Microscopic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.2.1 I  Video Microscopic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.3 I  VL Slide-Coordinates Microscopic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.4 I  VL Photographic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.4.1 I  Video Photographic Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.1 I  Ophthalmic Photography 8 Bit Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.2 I  Ophthalmic Photography 16 Bit Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.3 C  Stereometric Relationship Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.4 I  Ophthalmic Tomography Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.5 I  Wide Field Ophthalmic Photography Stereographic Projection Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.6 I  Wide Field Ophthalmic Photography 3D Coordinates Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.7 I  Ophthalmic Optical Coherence Tomography En Face Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.5.8 I  Ophthalmic Optical Coherence Tomography B-scan Volume Analysis Storage
        1.2.840.10008.5.1.4.1.1.77.1.6 I  VL Whole Slide Microscopy Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.7 I  Dermoscopic Photography Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.8 I  Confocal Microscopy Image Storage
        1.2.840.10008.5.1.4.1.1.77.1.9 I  Confocal Microscopy Tiled Pyramidal Image Storage
        1.2.840.10008.5.1.4.1.1.77.2 I* VL Multi-frame Image Storage - Trial
        1.2.840.10008.5.1.4.1.1.78.1 C  Lensometry Measurements Storage
        1.2.840.10008.5.1.4.1.1.78.2 C  Autorefraction Measurements Storage
        1.2.840.10008.5.1.4.1.1.78.3 C  Keratometry Measurements Storage
        1.2.840.10008.5.1.4.1.1.78.4 C  Subjective Refraction Measurements Storage
        1.2.840.10008.5.1.4.1.1.78.5 C  Visual Acuity Measurements Storage
        1.2.840.10008.5.1.4.1.1.78.6 C  Spectacle Prescription Report Storage
        1.2.840.10008.5.1.4.1.1.78.7 C  Ophthalmic Axial Measurements Storage
        1.2.840.10008.5.1.4.1.1.78.8 C  Intraocular Lens Calculations Storage
        1.2.840.10008.5.1.4.1.1.79.1 C  Macular Grid Thickness and Volume Report Storage
        1.2.840.10008.5.1.4.1.1.8 C* Standalone Overlay Storage
        1.2.840.10008.5.1.4.1.1.80.1 C  Ophthalmic Visual Field Static Perimetry Measurements Storage
        1.2.840.10008.5.1.4.1.1.81.1 I  Ophthalmic Thickness Map Storage
        1.2.840.10008.5.1.4.1.1.82.1 I  Corneal Topography Map Storage
        1.2.840.10008.5.1.4.1.1.88.1 C* Text SR Storage - Trial
        1.2.840.10008.5.1.4.1.1.88.11 C  Basic Text SR Storage
        1.2.840.10008.5.1.4.1.1.88.2 C* Audio SR Storage - Trial
        1.2.840.10008.5.1.4.1.1.88.22 C  Enhanced SR Storage
        1.2.840.10008.5.1.4.1.1.88.3 C* Detail SR Storage - Trial
        1.2.840.10008.5.1.4.1.1.88.33 C  Comprehensive SR Storage
        1.2.840.10008.5.1.4.1.1.88.34 C  Comprehensive 3D SR Storage
        1.2.840.10008.5.1.4.1.1.88.35 C  Extensible SR Storage
        1.2.840.10008.5.1.4.1.1.88.4 C* Comprehensive SR Storage - Trial
        1.2.840.10008.5.1.4.1.1.88.40 C  Procedure Log Storage
        1.2.840.10008.5.1.4.1.1.88.50 C  Mammography CAD SR Storage
        1.2.840.10008.5.1.4.1.1.88.59 C  Key Object Selection Document Storage
        1.2.840.10008.5.1.4.1.1.88.65 C  Chest CAD SR Storage
        1.2.840.10008.5.1.4.1.1.88.67 C  X-Ray Radiation Dose SR Storage
        1.2.840.10008.5.1.4.1.1.88.68 C  Radiopharmaceutical Radiation Dose SR Storage
        1.2.840.10008.5.1.4.1.1.88.69 C  Colon CAD SR Storage
        1.2.840.10008.5.1.4.1.1.88.70 C  Implantation Plan SR Storage
        1.2.840.10008.5.1.4.1.1.88.71 C  Acquisition Context SR Storage
        1.2.840.10008.5.1.4.1.1.88.72 C  Simplified Adult Echo SR Storage
        1.2.840.10008.5.1.4.1.1.88.73 C  Patient Radiation Dose SR Storage
        1.2.840.10008.5.1.4.1.1.88.74 C  Planned Imaging Agent Administration SR Storage
        1.2.840.10008.5.1.4.1.1.88.75 C  Performed Imaging Agent Administration SR Storage
        1.2.840.10008.5.1.4.1.1.88.76 C  Enhanced X-Ray Radiation Dose SR Storage
        1.2.840.10008.5.1.4.1.1.88.77 C  Waveform Annotation SR Storage
        1.2.840.10008.5.1.4.1.1.9 C* Standalone Curve Storage
        1.2.840.10008.5.1.4.1.1.9.1 W* Waveform Storage - Trial
        1.2.840.10008.5.1.4.1.1.9.1.1 W  12-lead ECG Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.1.2 W  General ECG Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.1.3 W  Ambulatory ECG Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.1.4 W  General 32-bit ECG Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.2.1 W  Hemodynamic Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.3.1 W  Cardiac Electrophysiology Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.4.1 W  Basic Voice Audio Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.4.2 W  General Audio Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.5.1 W  Arterial Pulse Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.6.1 W  Respiratory Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.6.2 W  Multi-channel Respiratory Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.7.1 W  Routine Scalp Electroencephalogram Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.7.2 W  Electromyogram Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.7.3 W  Electrooculogram Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.7.4 W  Sleep Electroencephalogram Waveform Storage
        1.2.840.10008.5.1.4.1.1.9.8.1 W  Body Position Waveform Storage
        1.2.840.10008.5.1.4.1.1.90.1 C  Content Assessment Results Storage
        1.2.840.10008.5.1.4.1.1.91.1 C  Microscopy Bulk Simple Annotations Storage
        1.2.840.10008.5.1.4.1.2.1.1 N  Patient Root Query/Retrieve Information Model - FIND
        1.2.840.10008.5.1.4.1.2.1.2 N  Patient Root Query/Retrieve Information Model - MOVE
        1.2.840.10008.5.1.4.1.2.1.3 N  Patient Root Query/Retrieve Information Model - GET
        1.2.840.10008.5.1.4.1.2.2.1 N  Study Root Query/Retrieve Information Model - FIND
        1.2.840.10008.5.1.4.1.2.2.2 N  Study Root Query/Retrieve Information Model - MOVE
        1.2.840.10008.5.1.4.1.2.2.3 N  Study Root Query/Retrieve Information Model - GET
        1.2.840.10008.5.1.4.1.2.3.1 N* Patient/Study Only Query/Retrieve Information Model - FIND
        1.2.840.10008.5.1.4.1.2.3.2 N* Patient/Study Only Query/Retrieve Information Model - MOVE
        1.2.840.10008.5.1.4.1.2.3.3 N* Patient/Study Only Query/Retrieve Information Model - GET
        1.2.840.10008.5.1.4.1.2.4.2 N  Composite Instance Root Retrieve - MOVE
        1.2.840.10008.5.1.4.1.2.4.3 N  Composite Instance Root Retrieve - GET
        1.2.840.10008.5.1.4.1.2.5.3 N  Composite Instance Retrieve Without Bulk Data - GET
        1.2.840.10008.5.1.4.20.1 N  Defined Procedure Protocol Information Model - FIND
        1.2.840.10008.5.1.4.20.2 N  Defined Procedure Protocol Information Model - MOVE
        1.2.840.10008.5.1.4.20.3 N  Defined Procedure Protocol Information Model - GET
        1.2.840.10008.5.1.4.31 N  Modality Worklist Information Model - FIND
        1.2.840.10008.5.1.4.32 N* General Purpose Worklist Management Meta
        1.2.840.10008.5.1.4.32.1 N* General Purpose Worklist Information Model - FIND
        1.2.840.10008.5.1.4.32.2 N* General Purpose Scheduled Procedure Step
        1.2.840.10008.5.1.4.32.3 N* General Purpose Performed Procedure Step
        1.2.840.10008.5.1.4.33 N  Instance Availability Notification
        1.2.840.10008.5.1.4.34.1 C* RT Beams Delivery Instruction Storage - Trial
        1.2.840.10008.5.1.4.34.10 C  RT Brachy Application Setup Delivery Instruction Storage
        1.2.840.10008.5.1.4.34.2 N* RT Conventional Machine Verification - Trial
        1.2.840.10008.5.1.4.34.3 N* RT Ion Machine Verification - Trial
        1.2.840.10008.5.1.4.34.4 N* Unified Worklist and Procedure Step Service Class - Trial
        1.2.840.10008.5.1.4.34.4.1 N* Unified Procedure Step - Push SOP Class - Trial
        1.2.840.10008.5.1.4.34.4.2 N* Unified Procedure Step - Watch SOP Class - Trial
        1.2.840.10008.5.1.4.34.4.3 N* Unified Procedure Step - Pull SOP Class - Trial
        1.2.840.10008.5.1.4.34.4.4 N* Unified Procedure Step - Event SOP Class - Trial
        1.2.840.10008.5.1.4.34.5 -  UPS Global Subscription SOP Instance
        1.2.840.10008.5.1.4.34.5.1 -  UPS Filtered Global Subscription SOP Instance
        1.2.840.10008.5.1.4.34.6 N  Unified Worklist and Procedure Step Service Class
        1.2.840.10008.5.1.4.34.6.1 N  Unified Procedure Step - Push
        1.2.840.10008.5.1.4.34.6.2 N  Unified Procedure Step - Watch
        1.2.840.10008.5.1.4.34.6.3 N  Unified Procedure Step - Pull
        1.2.840.10008.5.1.4.34.6.4 N  Unified Procedure Step - Event
        1.2.840.10008.5.1.4.34.6.5 N  Unified Procedure Step - Query
        1.2.840.10008.5.1.4.34.7 C  RT Beams Delivery Instruction Storage
        1.2.840.10008.5.1.4.34.8 N  RT Conventional Machine Verification
        1.2.840.10008.5.1.4.34.9 N  RT Ion Machine Verification
        1.2.840.10008.5.1.4.37.1 N  General Relevant Patient Information Query
        1.2.840.10008.5.1.4.37.2 N  Breast Imaging Relevant Patient Information Query
        1.2.840.10008.5.1.4.37.3 N  Cardiac Relevant Patient Information Query
        1.2.840.10008.5.1.4.38.1 C  Hanging Protocol Storage
        1.2.840.10008.5.1.4.38.2 N  Hanging Protocol Information Model - FIND
        1.2.840.10008.5.1.4.38.3 N  Hanging Protocol Information Model - MOVE
        1.2.840.10008.5.1.4.38.4 N  Hanging Protocol Information Model - GET
        1.2.840.10008.5.1.4.39.1 C  Color Palette Storage
        1.2.840.10008.5.1.4.39.2 N  Color Palette Query/Retrieve Information Model - FIND
        1.2.840.10008.5.1.4.39.3 N  Color Palette Query/Retrieve Information Model - MOVE
        1.2.840.10008.5.1.4.39.4 N  Color Palette Query/Retrieve Information Model - GET
        1.2.840.10008.5.1.4.41 N  Product Characteristics Query
        1.2.840.10008.5.1.4.42 N  Substance Approval Query
        1.2.840.10008.5.1.4.43.1 C  Generic Implant Template Storage
        1.2.840.10008.5.1.4.43.2 N  Generic Implant Template Information Model - FIND
        1.2.840.10008.5.1.4.43.3 N  Generic Implant Template Information Model - MOVE
        1.2.840.10008.5.1.4.43.4 N  Generic Implant Template Information Model - GET
        1.2.840.10008.5.1.4.44.1 C  Implant Assembly Template Storage
        1.2.840.10008.5.1.4.44.2 N  Implant Assembly Template Information Model - FIND
        1.2.840.10008.5.1.4.44.3 N  Implant Assembly Template Information Model - MOVE
        1.2.840.10008.5.1.4.44.4 N  Implant Assembly Template Information Model - GET
        1.2.840.10008.5.1.4.45.1 C  Implant Template Group Storage
        1.2.840.10008.5.1.4.45.2 N  Implant Template Group Information Model - FIND
        1.2.840.10008.5.1.4.45.3 N  Implant Template Group Information Model - MOVE
        1.2.840.10008.5.1.4.45.4 N  Implant Template Group Information Model - GET
        1.2.840.10008.7.1.1 -  Native DICOM Model
        1.2.840.10008.7.1.2 -  Abstract Multi-Dimensional Image Model
        1.2.840.10008.8.1.1 -  DICOM Content Mapping Resource
        """
}
