/// The data elements of PS3.6 (with the command elements of PS3.7 annex E), retired ones too, as one text.
///
/// Made by Tests/Tables/dictionary.py from pydicom 3.0.2; not edited by hand. A line is the tag (8
/// hexadecimal digits), the VR (`--` for the delimiters of PS3.5 §7.5, which have none), the keyword and, after `|`,
/// the name. Lines ascend by tag. Where the standard leaves a choice ("US or SS", "OB or OW") the line has the usual
/// one (US, OW).
enum ElementTable {
    static let elements: StaticString = """
        00000000 UL CommandGroupLength|Command Group Length
        00000001 UL CommandLengthToEnd|Command Length to End
        00000002 UI AffectedSOPClassUID|Affected SOP Class UID
        00000003 UI RequestedSOPClassUID|Requested SOP Class UID
        00000010 SH CommandRecognitionCode|Command Recognition Code
        00000100 US CommandField|Command Field
        00000110 US MessageID|Message ID
        00000120 US MessageIDBeingRespondedTo|Message ID Being Responded To
        00000200 AE Initiator|Initiator
        00000300 AE Receiver|Receiver
        00000400 AE FindLocation|Find Location
        00000600 AE MoveDestination|Move Destination
        00000700 US Priority|Priority
        00000800 US CommandDataSetType|Command Data Set Type
        00000850 US NumberOfMatches|Number of Matches
        00000860 US ResponseSequenceNumber|Response Sequence Number
        00000900 US Status|Status
        00000901 AT OffendingElement|Offending Element
        00000902 LO ErrorComment|Error Comment
        00000903 US ErrorID|Error ID
        00001000 UI AffectedSOPInstanceUID|Affected SOP Instance UID
        00001001 UI RequestedSOPInstanceUID|Requested SOP Instance UID
        00001002 US EventTypeID|Event Type ID
        00001005 AT AttributeIdentifierList|Attribute Identifier List
        00001008 US ActionTypeID|Action Type ID
        00001020 US NumberOfRemainingSuboperations|Number of Remaining Sub-operations
        00001021 US NumberOfCompletedSuboperations|Number of Completed Sub-operations
        00001022 US NumberOfFailedSuboperations|Number of Failed Sub-operations
        00001023 US NumberOfWarningSuboperations|Number of Warning Sub-operations
        00001030 AE MoveOriginatorApplicationEntityTitle|Move Originator Application Entity Title
        00001031 US MoveOriginatorMessageID|Move Originator Message ID
        00004000 LT DialogReceiver|Dialog Receiver
        00004010 LT TerminalType|Terminal Type
        00005010 SH MessageSetID|Message Set ID
        00005020 SH EndMessageID|End Message ID
        00005110 LT DisplayFormat|Display Format
        00005120 LT PagePositionID|Page Position ID
        00005130 CS TextFormatID|Text Format ID
        00005140 CS NormalReverse|Normal/Reverse
        00005150 CS AddGrayScale|Add Gray Scale
        00005160 CS Borders|Borders
        00005170 IS Copies|Copies
        00005180 CS CommandMagnificationType|Command Magnification Type
        00005190 CS Erase|Erase
        000051A0 CS Print|Print
        000051B0 US Overlays|Overlays
        00020000 UL FileMetaInformationGroupLength|File Meta Information Group Length
        00020001 OB FileMetaInformationVersion|File Meta Information Version
        00020002 UI MediaStorageSOPClassUID|Media Storage SOP Class UID
        00020003 UI MediaStorageSOPInstanceUID|Media Storage SOP Instance UID
        00020010 UI TransferSyntaxUID|Transfer Syntax UID
        00020012 UI ImplementationClassUID|Implementation Class UID
        00020013 SH ImplementationVersionName|Implementation Version Name
        00020016 AE SourceApplicationEntityTitle|Source Application Entity Title
        00020017 AE SendingApplicationEntityTitle|Sending Application Entity Title
        00020018 AE ReceivingApplicationEntityTitle|Receiving Application Entity Title
        00020026 UR SourcePresentationAddress|Source Presentation Address
        00020027 UR SendingPresentationAddress|Sending Presentation Address
        00020028 UR ReceivingPresentationAddress|Receiving Presentation Address
        00020031 OB RTVMetaInformationVersion|RTV Meta Information Version
        00020032 UI RTVCommunicationSOPClassUID|RTV Communication SOP Class UID
        00020033 UI RTVCommunicationSOPInstanceUID|RTV Communication SOP Instance UID
        00020035 OB RTVSourceIdentifier|RTV Source Identifier
        00020036 OB RTVFlowIdentifier|RTV Flow Identifier
        00020037 UL RTVFlowRTPSamplingRate|RTV Flow RTP Sampling Rate
        00020038 FD RTVFlowActualFrameDuration|RTV Flow Actual Frame Duration
        00020100 UI PrivateInformationCreatorUID|Private Information Creator UID
        00020102 OB PrivateInformation|Private Information
        00041130 CS FileSetID|File-set ID
        00041141 CS FileSetDescriptorFileID|File-set Descriptor File ID
        00041142 CS SpecificCharacterSetOfFileSetDescriptorFile|Specific Character Set of File-set Descriptor File
        00041200 UL OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity|Offset of the First Directory Record of the Root Directory Entity
        00041202 UL OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity|Offset of the Last Directory Record of the Root Directory Entity
        00041212 US FileSetConsistencyFlag|File-set Consistency Flag
        00041220 SQ DirectoryRecordSequence|Directory Record Sequence
        00041400 UL OffsetOfTheNextDirectoryRecord|Offset of the Next Directory Record
        00041410 US RecordInUseFlag|Record In-use Flag
        00041420 UL OffsetOfReferencedLowerLevelDirectoryEntity|Offset of Referenced Lower-Level Directory Entity
        00041430 CS DirectoryRecordType|Directory Record Type
        00041432 UI PrivateRecordUID|Private Record UID
        00041500 CS ReferencedFileID|Referenced File ID
        00041504 UL MRDRDirectoryRecordOffset|MRDR Directory Record Offset
        00041510 UI ReferencedSOPClassUIDInFile|Referenced SOP Class UID in File
        00041511 UI ReferencedSOPInstanceUIDInFile|Referenced SOP Instance UID in File
        00041512 UI ReferencedTransferSyntaxUIDInFile|Referenced Transfer Syntax UID in File
        0004151A UI ReferencedRelatedGeneralSOPClassUIDInFile|Referenced Related General SOP Class UID in File
        00041600 UL NumberOfReferences|Number of References
        00080001 UL LengthToEnd|Length to End
        00080005 CS SpecificCharacterSet|Specific Character Set
        00080006 SQ LanguageCodeSequence|Language Code Sequence
        00080008 CS ImageType|Image Type
        00080010 SH RecognitionCode|Recognition Code
        00080012 DA InstanceCreationDate|Instance Creation Date
        00080013 TM InstanceCreationTime|Instance Creation Time
        00080014 UI InstanceCreatorUID|Instance Creator UID
        00080015 DT InstanceCoercionDateTime|Instance Coercion DateTime
        00080016 UI SOPClassUID|SOP Class UID
        00080017 UI AcquisitionUID|Acquisition UID
        00080018 UI SOPInstanceUID|SOP Instance UID
        00080019 UI PyramidUID|Pyramid UID
        0008001A UI RelatedGeneralSOPClassUID|Related General SOP Class UID
        0008001B UI OriginalSpecializedSOPClassUID|Original Specialized SOP Class UID
        0008001C CS SyntheticData|Synthetic Data
        00080020 DA StudyDate|Study Date
        00080021 DA SeriesDate|Series Date
        00080022 DA AcquisitionDate|Acquisition Date
        00080023 DA ContentDate|Content Date
        00080024 DA OverlayDate|Overlay Date
        00080025 DA CurveDate|Curve Date
        0008002A DT AcquisitionDateTime|Acquisition DateTime
        00080030 TM StudyTime|Study Time
        00080031 TM SeriesTime|Series Time
        00080032 TM AcquisitionTime|Acquisition Time
        00080033 TM ContentTime|Content Time
        00080034 TM OverlayTime|Overlay Time
        00080035 TM CurveTime|Curve Time
        00080040 US DataSetType|Data Set Type
        00080041 LO DataSetSubtype|Data Set Subtype
        00080042 CS NuclearMedicineSeriesType|Nuclear Medicine Series Type
        00080050 SH AccessionNumber|Accession Number
        00080051 SQ IssuerOfAccessionNumberSequence|Issuer of Accession Number Sequence
        00080052 CS QueryRetrieveLevel|Query/Retrieve Level
        00080053 CS QueryRetrieveView|Query/Retrieve View
        00080054 AE RetrieveAETitle|Retrieve AE Title
        00080055 AE StationAETitle|Station AE Title
        00080056 CS InstanceAvailability|Instance Availability
        00080058 UI FailedSOPInstanceUIDList|Failed SOP Instance UID List
        00080060 CS Modality|Modality
        00080061 CS ModalitiesInStudy|Modalities in Study
        00080062 UI SOPClassesInStudy|SOP Classes in Study
        00080063 SQ AnatomicRegionsInStudyCodeSequence|Anatomic Regions in Study Code Sequence
        00080064 CS ConversionType|Conversion Type
        00080068 CS PresentationIntentType|Presentation Intent Type
        00080070 LO Manufacturer|Manufacturer
        00080080 LO InstitutionName|Institution Name
        00080081 ST InstitutionAddress|Institution Address
        00080082 SQ InstitutionCodeSequence|Institution Code Sequence
        00080090 PN ReferringPhysicianName|Referring Physician's Name
        00080092 ST ReferringPhysicianAddress|Referring Physician's Address
        00080094 SH ReferringPhysicianTelephoneNumbers|Referring Physician's Telephone Numbers
        00080096 SQ ReferringPhysicianIdentificationSequence|Referring Physician Identification Sequence
        0008009C PN ConsultingPhysicianName|Consulting Physician's Name
        0008009D SQ ConsultingPhysicianIdentificationSequence|Consulting Physician Identification Sequence
        00080100 SH CodeValue|Code Value
        00080101 LO ExtendedCodeValue|Extended Code Value
        00080102 SH CodingSchemeDesignator|Coding Scheme Designator
        00080103 SH CodingSchemeVersion|Coding Scheme Version
        00080104 LO CodeMeaning|Code Meaning
        00080105 CS MappingResource|Mapping Resource
        00080106 DT ContextGroupVersion|Context Group Version
        00080107 DT ContextGroupLocalVersion|Context Group Local Version
        00080108 LT ExtendedCodeMeaning|Extended Code Meaning
        00080109 SQ CodingSchemeResourcesSequence|Coding Scheme Resources Sequence
        0008010A CS CodingSchemeURLType|Coding Scheme URL Type
        0008010B CS ContextGroupExtensionFlag|Context Group Extension Flag
        0008010C UI CodingSchemeUID|Coding Scheme UID
        0008010D UI ContextGroupExtensionCreatorUID|Context Group Extension Creator UID
        0008010E UR CodingSchemeURL|Coding Scheme URL
        0008010F CS ContextIdentifier|Context Identifier
        00080110 SQ CodingSchemeIdentificationSequence|Coding Scheme Identification Sequence
        00080112 LO CodingSchemeRegistry|Coding Scheme Registry
        00080114 ST CodingSchemeExternalID|Coding Scheme External ID
        00080115 ST CodingSchemeName|Coding Scheme Name
        00080116 ST CodingSchemeResponsibleOrganization|Coding Scheme Responsible Organization
        00080117 UI ContextUID|Context UID
        00080118 UI MappingResourceUID|Mapping Resource UID
        00080119 UC LongCodeValue|Long Code Value
        00080120 UR URNCodeValue|URN Code Value
        00080121 SQ EquivalentCodeSequence|Equivalent Code Sequence
        00080122 LO MappingResourceName|Mapping Resource Name
        00080123 SQ ContextGroupIdentificationSequence|Context Group Identification Sequence
        00080124 SQ MappingResourceIdentificationSequence|Mapping Resource Identification Sequence
        00080201 SH TimezoneOffsetFromUTC|Timezone Offset From UTC
        00080202 OB |
        00080220 SQ ResponsibleGroupCodeSequence|Responsible Group Code Sequence
        00080221 CS EquipmentModality|Equipment Modality
        00080222 LO ManufacturerRelatedModelGroup|Manufacturer's Related Model Group
        00080300 SQ PrivateDataElementCharacteristicsSequence|Private Data Element Characteristics Sequence
        00080301 US PrivateGroupReference|Private Group Reference
        00080302 LO PrivateCreatorReference|Private Creator Reference
        00080303 CS BlockIdentifyingInformationStatus|Block Identifying Information Status
        00080304 US NonidentifyingPrivateElements|Nonidentifying Private Elements
        00080305 SQ DeidentificationActionSequence|Deidentification Action Sequence
        00080306 US IdentifyingPrivateElements|Identifying Private Elements
        00080307 CS DeidentificationAction|Deidentification Action
        00080308 US PrivateDataElement|Private Data Element
        00080309 UL PrivateDataElementValueMultiplicity|Private Data Element Value Multiplicity
        0008030A CS PrivateDataElementValueRepresentation|Private Data Element Value Representation
        0008030B UL PrivateDataElementNumberOfItems|Private Data Element Number of Items
        0008030C UC PrivateDataElementName|Private Data Element Name
        0008030D UC PrivateDataElementKeyword|Private Data Element Keyword
        0008030E UT PrivateDataElementDescription|Private Data Element Description
        0008030F UT PrivateDataElementEncoding|Private Data Element Encoding
        00080310 SQ PrivateDataElementDefinitionSequence|Private Data Element Definition Sequence
        00080400 SQ ScopeOfInventorySequence|Scope of Inventory Sequence
        00080401 LT InventoryPurpose|Inventory Purpose
        00080402 LT InventoryInstanceDescription|Inventory Instance Description
        00080403 CS InventoryLevel|Inventory Level
        00080404 DT ItemInventoryDateTime|Item Inventory DateTime
        00080405 CS RemovedFromOperationalUse|Removed from Operational Use
        00080406 SQ ReasonForRemovalCodeSequence|Reason for Removal Code Sequence
        00080407 UR StoredInstanceBaseURI|Stored Instance Base URI
        00080408 UR FolderAccessURI|Folder Access URI
        00080409 UR FileAccessURI|File Access URI
        0008040A CS ContainerFileType|Container File Type
        0008040B UR FilenameInContainer|Filename in Container
        0008040C UV FileOffsetInContainer|File Offset in Container
        0008040D UV FileLengthInContainer|File Length in Container
        0008040E UI StoredInstanceTransferSyntaxUID|Stored Instance Transfer Syntax UID
        0008040F CS ExtendedMatchingMechanisms|Extended Matching Mechanisms
        00080410 SQ RangeMatchingSequence|Range Matching Sequence
        00080411 SQ ListOfUIDMatchingSequence|List of UID Matching Sequence
        00080412 SQ EmptyValueMatchingSequence|Empty Value Matching Sequence
        00080413 SQ GeneralMatchingSequence|General Matching Sequence
        00080414 US RequestedStatusInterval|Requested Status Interval
        00080415 CS RetainInstances|Retain Instances
        00080416 DT ExpirationDateTime|Expiration DateTime
        00080417 CS TransactionStatus|Transaction Status
        00080418 LT TransactionStatusComment|Transaction Status Comment
        00080419 SQ FileSetAccessSequence|File Set Access Sequence
        0008041A SQ FileAccessSequence|File Access Sequence
        0008041B OB RecordKey|Record Key
        0008041C OB PriorRecordKey|Prior Record Key
        0008041D SQ MetadataSequence|Metadata Sequence
        0008041E SQ UpdatedMetadataSequence|Updated Metadata Sequence
        0008041F DT StudyUpdateDateTime|Study Update DateTime
        00080420 SQ InventoryAccessEndPointsSequence|Inventory Access End Points Sequence
        00080421 SQ StudyAccessEndPointsSequence|Study Access End Points Sequence
        00080422 SQ IncorporatedInventoryInstanceSequence|Incorporated Inventory Instance Sequence
        00080423 SQ InventoriedStudiesSequence|Inventoried Studies Sequence
        00080424 SQ InventoriedSeriesSequence|Inventoried Series Sequence
        00080425 SQ InventoriedInstancesSequence|Inventoried Instances Sequence
        00080426 CS InventoryCompletionStatus|Inventory Completion Status
        00080427 UL NumberOfStudyRecordsInInstance|Number of Study Records in Instance
        00080428 UV TotalNumberOfStudyRecords|Total Number of Study Records
        00080429 UV MaximumNumberOfRecords|Maximum Number of Records
        00081000 AE NetworkID|Network ID
        00081010 SH StationName|Station Name
        00081030 LO StudyDescription|Study Description
        00081032 SQ ProcedureCodeSequence|Procedure Code Sequence
        0008103E LO SeriesDescription|Series Description
        0008103F SQ SeriesDescriptionCodeSequence|Series Description Code Sequence
        00081040 LO InstitutionalDepartmentName|Institutional Department Name
        00081041 SQ InstitutionalDepartmentTypeCodeSequence|Institutional Department Type Code Sequence
        00081048 PN PhysiciansOfRecord|Physician(s) of Record
        00081049 SQ PhysiciansOfRecordIdentificationSequence|Physician(s) of Record Identification Sequence
        00081050 PN PerformingPhysicianName|Performing Physician's Name
        00081052 SQ PerformingPhysicianIdentificationSequence|Performing Physician Identification Sequence
        00081060 PN NameOfPhysiciansReadingStudy|Name of Physician(s) Reading Study
        00081062 SQ PhysiciansReadingStudyIdentificationSequence|Physician(s) Reading Study Identification Sequence
        00081070 PN OperatorsName|Operators' Name
        00081072 SQ OperatorIdentificationSequence|Operator Identification Sequence
        00081080 LO AdmittingDiagnosesDescription|Admitting Diagnoses Description
        00081084 SQ AdmittingDiagnosesCodeSequence|Admitting Diagnoses Code Sequence
        00081088 LO PyramidDescription|Pyramid Description
        00081090 LO ManufacturerModelName|Manufacturer's Model Name
        00081100 SQ ReferencedResultsSequence|Referenced Results Sequence
        00081110 SQ ReferencedStudySequence|Referenced Study Sequence
        00081111 SQ ReferencedPerformedProcedureStepSequence|Referenced Performed Procedure Step Sequence
        00081112 SQ ReferencedInstancesBySOPClassSequence|Referenced Instances by SOP Class Sequence
        00081115 SQ ReferencedSeriesSequence|Referenced Series Sequence
        00081120 SQ ReferencedPatientSequence|Referenced Patient Sequence
        00081125 SQ ReferencedVisitSequence|Referenced Visit Sequence
        00081130 SQ ReferencedOverlaySequence|Referenced Overlay Sequence
        00081134 SQ ReferencedStereometricInstanceSequence|Referenced Stereometric Instance Sequence
        0008113A SQ ReferencedWaveformSequence|Referenced Waveform Sequence
        00081140 SQ ReferencedImageSequence|Referenced Image Sequence
        00081145 SQ ReferencedCurveSequence|Referenced Curve Sequence
        0008114A SQ ReferencedInstanceSequence|Referenced Instance Sequence
        0008114B SQ ReferencedRealWorldValueMappingInstanceSequence|Referenced Real World Value Mapping Instance Sequence
        00081150 UI ReferencedSOPClassUID|Referenced SOP Class UID
        00081155 UI ReferencedSOPInstanceUID|Referenced SOP Instance UID
        00081156 SQ DefinitionSourceSequence|Definition Source Sequence
        0008115A UI SOPClassesSupported|SOP Classes Supported
        00081160 IS ReferencedFrameNumber|Referenced Frame Number
        00081161 UL SimpleFrameList|Simple Frame List
        00081162 UL CalculatedFrameList|Calculated Frame List
        00081163 FD TimeRange|Time Range
        00081164 SQ FrameExtractionSequence|Frame Extraction Sequence
        00081167 UI MultiFrameSourceSOPInstanceUID|Multi-frame Source SOP Instance UID
        00081190 UR RetrieveURL|Retrieve URL
        00081195 UI TransactionUID|Transaction UID
        00081196 US WarningReason|Warning Reason
        00081197 US FailureReason|Failure Reason
        00081198 SQ FailedSOPSequence|Failed SOP Sequence
        00081199 SQ ReferencedSOPSequence|Referenced SOP Sequence
        0008119A SQ OtherFailuresSequence|Other Failures Sequence
        0008119B SQ FailedStudySequence|Failed Study Sequence
        00081200 SQ StudiesContainingOtherReferencedInstancesSequence|Studies Containing Other Referenced Instances Sequence
        00081250 SQ RelatedSeriesSequence|Related Series Sequence
        00082110 CS LossyImageCompressionRetired|Lossy Image Compression (Retired)
        00082111 ST DerivationDescription|Derivation Description
        00082112 SQ SourceImageSequence|Source Image Sequence
        00082120 SH StageName|Stage Name
        00082122 IS StageNumber|Stage Number
        00082124 IS NumberOfStages|Number of Stages
        00082127 SH ViewName|View Name
        00082128 IS ViewNumber|View Number
        00082129 IS NumberOfEventTimers|Number of Event Timers
        0008212A IS NumberOfViewsInStage|Number of Views in Stage
        00082130 DS EventElapsedTimes|Event Elapsed Time(s)
        00082132 LO EventTimerNames|Event Timer Name(s)
        00082133 SQ EventTimerSequence|Event Timer Sequence
        00082134 FD EventTimeOffset|Event Time Offset
        00082135 SQ EventCodeSequence|Event Code Sequence
        00082142 IS StartTrim|Start Trim
        00082143 IS StopTrim|Stop Trim
        00082144 IS RecommendedDisplayFrameRate|Recommended Display Frame Rate
        00082200 CS TransducerPosition|Transducer Position
        00082204 CS TransducerOrientation|Transducer Orientation
        00082208 CS AnatomicStructure|Anatomic Structure
        00082218 SQ AnatomicRegionSequence|Anatomic Region Sequence
        00082220 SQ AnatomicRegionModifierSequence|Anatomic Region Modifier Sequence
        00082228 SQ PrimaryAnatomicStructureSequence|Primary Anatomic Structure Sequence
        00082229 SQ AnatomicStructureSpaceOrRegionSequence|Anatomic Structure, Space or Region Sequence
        00082230 SQ PrimaryAnatomicStructureModifierSequence|Primary Anatomic Structure Modifier Sequence
        00082240 SQ TransducerPositionSequence|Transducer Position Sequence
        00082242 SQ TransducerPositionModifierSequence|Transducer Position Modifier Sequence
        00082244 SQ TransducerOrientationSequence|Transducer Orientation Sequence
        00082246 SQ TransducerOrientationModifierSequence|Transducer Orientation Modifier Sequence
        00082251 SQ AnatomicStructureSpaceOrRegionCodeSequenceTrial|Anatomic Structure Space Or Region Code Sequence (Trial)
        00082253 SQ AnatomicPortalOfEntranceCodeSequenceTrial|Anatomic Portal Of Entrance Code Sequence (Trial)
        00082255 SQ AnatomicApproachDirectionCodeSequenceTrial|Anatomic Approach Direction Code Sequence (Trial)
        00082256 ST AnatomicPerspectiveDescriptionTrial|Anatomic Perspective Description (Trial)
        00082257 SQ AnatomicPerspectiveCodeSequenceTrial|Anatomic Perspective Code Sequence (Trial)
        00082258 ST AnatomicLocationOfExaminingInstrumentDescriptionTrial|Anatomic Location Of Examining Instrument Description (Trial)
        00082259 SQ AnatomicLocationOfExaminingInstrumentCodeSequenceTrial|Anatomic Location Of Examining Instrument Code Sequence (Trial)
        0008225A SQ AnatomicStructureSpaceOrRegionModifierCodeSequenceTrial|Anatomic Structure Space Or Region Modifier Code Sequence (Trial)
        0008225C SQ OnAxisBackgroundAnatomicStructureCodeSequenceTrial|On Axis Background Anatomic Structure Code Sequence (Trial)
        00083001 SQ AlternateRepresentationSequence|Alternate Representation Sequence
        00083002 UI AvailableTransferSyntaxUID|Available Transfer Syntax UID
        00083010 UI IrradiationEventUID|Irradiation Event UID
        00083011 SQ SourceIrradiationEventSequence|Source Irradiation Event Sequence
        00083012 UI RadiopharmaceuticalAdministrationEventUID|Radiopharmaceutical Administration Event UID
        00084000 LT IdentifyingComments|Identifying Comments
        00089007 CS FrameType|Frame Type
        00089092 SQ ReferencedImageEvidenceSequence|Referenced Image Evidence Sequence
        00089121 SQ ReferencedRawDataSequence|Referenced Raw Data Sequence
        00089123 UI CreatorVersionUID|Creator-Version UID
        00089124 SQ DerivationImageSequence|Derivation Image Sequence
        00089154 SQ SourceImageEvidenceSequence|Source Image Evidence Sequence
        00089205 CS PixelPresentation|Pixel Presentation
        00089206 CS VolumetricProperties|Volumetric Properties
        00089207 CS VolumeBasedCalculationTechnique|Volume Based Calculation Technique
        00089208 CS ComplexImageComponent|Complex Image Component
        00089209 CS AcquisitionContrast|Acquisition Contrast
        00089215 SQ DerivationCodeSequence|Derivation Code Sequence
        00089237 SQ ReferencedPresentationStateSequence|Referenced Presentation State Sequence
        00089410 SQ ReferencedOtherPlaneSequence|Referenced Other Plane Sequence
        00089458 SQ FrameDisplaySequence|Frame Display Sequence
        00089459 FL RecommendedDisplayFrameRateInFloat|Recommended Display Frame Rate in Float
        00089460 CS SkipFrameRangeFlag|Skip Frame Range Flag
        00100010 PN PatientName|Patient's Name
        00100020 LO PatientID|Patient ID
        00100021 LO IssuerOfPatientID|Issuer of Patient ID
        00100022 CS TypeOfPatientID|Type of Patient ID
        00100024 SQ IssuerOfPatientIDQualifiersSequence|Issuer of Patient ID Qualifiers Sequence
        00100026 SQ SourcePatientGroupIdentificationSequence|Source Patient Group Identification Sequence
        00100027 SQ GroupOfPatientsIdentificationSequence|Group of Patients Identification Sequence
        00100028 US SubjectRelativePositionInImage|Subject Relative Position in Image
        00100030 DA PatientBirthDate|Patient's Birth Date
        00100032 TM PatientBirthTime|Patient's Birth Time
        00100033 LO PatientBirthDateInAlternativeCalendar|Patient's Birth Date in Alternative Calendar
        00100034 LO PatientDeathDateInAlternativeCalendar|Patient's Death Date in Alternative Calendar
        00100035 CS PatientAlternativeCalendar|Patient's Alternative Calendar
        00100040 CS PatientSex|Patient's Sex
        00100050 SQ PatientInsurancePlanCodeSequence|Patient's Insurance Plan Code Sequence
        00100101 SQ PatientPrimaryLanguageCodeSequence|Patient's Primary Language Code Sequence
        00100102 SQ PatientPrimaryLanguageModifierCodeSequence|Patient's Primary Language Modifier Code Sequence
        00100200 CS QualityControlSubject|Quality Control Subject
        00100201 SQ QualityControlSubjectTypeCodeSequence|Quality Control Subject Type Code Sequence
        00100212 UC StrainDescription|Strain Description
        00100213 LO StrainNomenclature|Strain Nomenclature
        00100214 LO StrainStockNumber|Strain Stock Number
        00100215 SQ StrainSourceRegistryCodeSequence|Strain Source Registry Code Sequence
        00100216 SQ StrainStockSequence|Strain Stock Sequence
        00100217 LO StrainSource|Strain Source
        00100218 UT StrainAdditionalInformation|Strain Additional Information
        00100219 SQ StrainCodeSequence|Strain Code Sequence
        00100221 SQ GeneticModificationsSequence|Genetic Modifications Sequence
        00100222 UC GeneticModificationsDescription|Genetic Modifications Description
        00100223 LO GeneticModificationsNomenclature|Genetic Modifications Nomenclature
        00100229 SQ GeneticModificationsCodeSequence|Genetic Modifications Code Sequence
        00101000 LO OtherPatientIDs|Other Patient IDs
        00101001 PN OtherPatientNames|Other Patient Names
        00101002 SQ OtherPatientIDsSequence|Other Patient IDs Sequence
        00101005 PN PatientBirthName|Patient's Birth Name
        00101010 AS PatientAge|Patient's Age
        00101020 DS PatientSize|Patient's Size
        00101021 SQ PatientSizeCodeSequence|Patient's Size Code Sequence
        00101022 DS PatientBodyMassIndex|Patient's Body Mass Index
        00101023 DS MeasuredAPDimension|Measured AP Dimension
        00101024 DS MeasuredLateralDimension|Measured Lateral Dimension
        00101030 DS PatientWeight|Patient's Weight
        00101040 LO PatientAddress|Patient's Address
        00101050 LO InsurancePlanIdentification|Insurance Plan Identification
        00101060 PN PatientMotherBirthName|Patient's Mother's Birth Name
        00101080 LO MilitaryRank|Military Rank
        00101081 LO BranchOfService|Branch of Service
        00101090 LO MedicalRecordLocator|Medical Record Locator
        00101100 SQ ReferencedPatientPhotoSequence|Referenced Patient Photo Sequence
        00102000 LO MedicalAlerts|Medical Alerts
        00102110 LO Allergies|Allergies
        00102150 LO CountryOfResidence|Country of Residence
        00102152 LO RegionOfResidence|Region of Residence
        00102154 SH PatientTelephoneNumbers|Patient's Telephone Numbers
        00102155 LT PatientTelecomInformation|Patient's Telecom Information
        00102160 SH EthnicGroup|Ethnic Group
        00102161 SQ EthnicGroupCodeSequence|Ethnic Group Code Sequence
        00102180 SH Occupation|Occupation
        001021A0 CS SmokingStatus|Smoking Status
        001021B0 LT AdditionalPatientHistory|Additional Patient History
        001021C0 US PregnancyStatus|Pregnancy Status
        001021D0 DA LastMenstrualDate|Last Menstrual Date
        001021F0 LO PatientReligiousPreference|Patient's Religious Preference
        00102201 LO PatientSpeciesDescription|Patient Species Description
        00102202 SQ PatientSpeciesCodeSequence|Patient Species Code Sequence
        00102203 CS PatientSexNeutered|Patient's Sex Neutered
        00102210 CS AnatomicalOrientationType|Anatomical Orientation Type
        00102292 LO PatientBreedDescription|Patient Breed Description
        00102293 SQ PatientBreedCodeSequence|Patient Breed Code Sequence
        00102294 SQ BreedRegistrationSequence|Breed Registration Sequence
        00102295 LO BreedRegistrationNumber|Breed Registration Number
        00102296 SQ BreedRegistryCodeSequence|Breed Registry Code Sequence
        00102297 PN ResponsiblePerson|Responsible Person
        00102298 CS ResponsiblePersonRole|Responsible Person Role
        00102299 LO ResponsibleOrganization|Responsible Organization
        00104000 LT PatientComments|Patient Comments
        00109431 FL ExaminedBodyThickness|Examined Body Thickness
        00120010 LO ClinicalTrialSponsorName|Clinical Trial Sponsor Name
        00120020 LO ClinicalTrialProtocolID|Clinical Trial Protocol ID
        00120021 LO ClinicalTrialProtocolName|Clinical Trial Protocol Name
        00120022 LO IssuerOfClinicalTrialProtocolID|Issuer of Clinical Trial Protocol ID
        00120023 SQ OtherClinicalTrialProtocolIDsSequence|Other Clinical Trial Protocol IDs Sequence
        00120030 LO ClinicalTrialSiteID|Clinical Trial Site ID
        00120031 LO ClinicalTrialSiteName|Clinical Trial Site Name
        00120032 LO IssuerOfClinicalTrialSiteID|Issuer of Clinical Trial Site ID
        00120040 LO ClinicalTrialSubjectID|Clinical Trial Subject ID
        00120041 LO IssuerOfClinicalTrialSubjectID|Issuer of Clinical Trial Subject ID
        00120042 LO ClinicalTrialSubjectReadingID|Clinical Trial Subject Reading ID
        00120043 LO IssuerOfClinicalTrialSubjectReadingID|Issuer of Clinical Trial Subject Reading ID
        00120050 LO ClinicalTrialTimePointID|Clinical Trial Time Point ID
        00120051 ST ClinicalTrialTimePointDescription|Clinical Trial Time Point Description
        00120052 FD LongitudinalTemporalOffsetFromEvent|Longitudinal Temporal Offset from Event
        00120053 CS LongitudinalTemporalEventType|Longitudinal Temporal Event Type
        00120054 SQ ClinicalTrialTimePointTypeCodeSequence|Clinical Trial Time Point Type Code Sequence
        00120055 LO IssuerOfClinicalTrialTimePointID|Issuer of Clinical Trial Time Point ID
        00120060 LO ClinicalTrialCoordinatingCenterName|Clinical Trial Coordinating Center Name
        00120062 CS PatientIdentityRemoved|Patient Identity Removed
        00120063 LO DeidentificationMethod|De-identification Method
        00120064 SQ DeidentificationMethodCodeSequence|De-identification Method Code Sequence
        00120071 LO ClinicalTrialSeriesID|Clinical Trial Series ID
        00120072 LO ClinicalTrialSeriesDescription|Clinical Trial Series Description
        00120073 LO IssuerOfClinicalTrialSeriesID|Issuer of Clinical Trial Series ID
        00120081 LO ClinicalTrialProtocolEthicsCommitteeName|Clinical Trial Protocol Ethics Committee Name
        00120082 LO ClinicalTrialProtocolEthicsCommitteeApprovalNumber|Clinical Trial Protocol Ethics Committee Approval Number
        00120083 SQ ConsentForClinicalTrialUseSequence|Consent for Clinical Trial Use Sequence
        00120084 CS DistributionType|Distribution Type
        00120085 CS ConsentForDistributionFlag|Consent for Distribution Flag
        00120086 DA EthicsCommitteeApprovalEffectivenessStartDate|Ethics Committee Approval Effectiveness Start Date
        00120087 DA EthicsCommitteeApprovalEffectivenessEndDate|Ethics Committee Approval Effectiveness End Date
        00140023 ST CADFileFormat|CAD File Format
        00140024 ST ComponentReferenceSystem|Component Reference System
        00140025 ST ComponentManufacturingProcedure|Component Manufacturing Procedure
        00140028 ST ComponentManufacturer|Component Manufacturer
        00140030 DS MaterialThickness|Material Thickness
        00140032 DS MaterialPipeDiameter|Material Pipe Diameter
        00140034 DS MaterialIsolationDiameter|Material Isolation Diameter
        00140042 ST MaterialGrade|Material Grade
        00140044 ST MaterialPropertiesDescription|Material Properties Description
        00140045 ST MaterialPropertiesFileFormatRetired|Material Properties File Format (Retired)
        00140046 LT MaterialNotes|Material Notes
        00140050 CS ComponentShape|Component Shape
        00140052 CS CurvatureType|Curvature Type
        00140054 DS OuterDiameter|Outer Diameter
        00140056 DS InnerDiameter|Inner Diameter
        00140100 LO ComponentWelderIDs|Component Welder IDs
        00140101 CS SecondaryApprovalStatus|Secondary Approval Status
        00140102 DA SecondaryReviewDate|Secondary Review Date
        00140103 TM SecondaryReviewTime|Secondary Review Time
        00140104 PN SecondaryReviewerName|Secondary Reviewer Name
        00140105 ST RepairID|Repair ID
        00140106 SQ MultipleComponentApprovalSequence|Multiple Component Approval Sequence
        00140107 CS OtherApprovalStatus|Other Approval Status
        00140108 CS OtherSecondaryApprovalStatus|Other Secondary Approval Status
        00140200 SQ DataElementLabelSequence|Data Element Label Sequence
        00140201 SQ DataElementLabelItemSequence|Data Element Label Item Sequence
        00140202 AT DataElement|Data Element
        00140203 LO DataElementName|Data Element Name
        00140204 LO DataElementDescription|Data Element Description
        00140205 CS DataElementConditionality|Data Element Conditionality
        00140206 IS DataElementMinimumCharacters|Data Element Minimum Characters
        00140207 IS DataElementMaximumCharacters|Data Element Maximum Characters
        00141010 ST ActualEnvironmentalConditions|Actual Environmental Conditions
        00141020 DA ExpiryDate|Expiry Date
        00141040 ST EnvironmentalConditions|Environmental Conditions
        00142002 SQ EvaluatorSequence|Evaluator Sequence
        00142004 IS EvaluatorNumber|Evaluator Number
        00142006 PN EvaluatorName|Evaluator Name
        00142008 IS EvaluationAttempt|Evaluation Attempt
        00142012 SQ IndicationSequence|Indication Sequence
        00142014 IS IndicationNumber|Indication Number
        00142016 SH IndicationLabel|Indication Label
        00142018 ST IndicationDescription|Indication Description
        0014201A CS IndicationType|Indication Type
        0014201C CS IndicationDisposition|Indication Disposition
        0014201E SQ IndicationROISequence|Indication ROI Sequence
        00142030 SQ IndicationPhysicalPropertySequence|Indication Physical Property Sequence
        00142032 SH PropertyLabel|Property Label
        00142202 IS CoordinateSystemNumberOfAxes|Coordinate System Number of Axes
        00142204 SQ CoordinateSystemAxesSequence|Coordinate System Axes Sequence
        00142206 ST CoordinateSystemAxisDescription|Coordinate System Axis Description
        00142208 CS CoordinateSystemDataSetMapping|Coordinate System Data Set Mapping
        0014220A IS CoordinateSystemAxisNumber|Coordinate System Axis Number
        0014220C CS CoordinateSystemAxisType|Coordinate System Axis Type
        0014220E CS CoordinateSystemAxisUnits|Coordinate System Axis Units
        00142210 OB CoordinateSystemAxisValues|Coordinate System Axis Values
        00142220 SQ CoordinateSystemTransformSequence|Coordinate System Transform Sequence
        00142222 ST TransformDescription|Transform Description
        00142224 IS TransformNumberOfAxes|Transform Number of Axes
        00142226 IS TransformOrderOfAxes|Transform Order of Axes
        00142228 CS TransformedAxisUnits|Transformed Axis Units
        0014222A DS CoordinateSystemTransformRotationAndScaleMatrix|Coordinate System Transform Rotation and Scale Matrix
        0014222C DS CoordinateSystemTransformTranslationMatrix|Coordinate System Transform Translation Matrix
        00143011 DS InternalDetectorFrameTime|Internal Detector Frame Time
        00143012 DS NumberOfFramesIntegrated|Number of Frames Integrated
        00143020 SQ DetectorTemperatureSequence|Detector Temperature Sequence
        00143022 ST SensorName|Sensor Name
        00143024 DS HorizontalOffsetOfSensor|Horizontal Offset of Sensor
        00143026 DS VerticalOffsetOfSensor|Vertical Offset of Sensor
        00143028 DS SensorTemperature|Sensor Temperature
        00143040 SQ DarkCurrentSequence|Dark Current Sequence
        00143050 OW DarkCurrentCounts|Dark Current Counts
        00143060 SQ GainCorrectionReferenceSequence|Gain Correction Reference Sequence
        00143070 OW AirCounts|Air Counts
        00143071 DS KVUsedInGainCalibration|KV Used in Gain Calibration
        00143072 DS MAUsedInGainCalibration|MA Used in Gain Calibration
        00143073 DS NumberOfFramesUsedForIntegration|Number of Frames Used for Integration
        00143074 LO FilterMaterialUsedInGainCalibration|Filter Material Used in Gain Calibration
        00143075 DS FilterThicknessUsedInGainCalibration|Filter Thickness Used in Gain Calibration
        00143076 DA DateOfGainCalibration|Date of Gain Calibration
        00143077 TM TimeOfGainCalibration|Time of Gain Calibration
        00143080 OB BadPixelImage|Bad Pixel Image
        00143099 LT CalibrationNotes|Calibration Notes
        00143100 LT LinearityCorrectionTechnique|Linearity Correction Technique
        00143101 LT BeamHardeningCorrectionTechnique|Beam Hardening Correction Technique
        00144002 SQ PulserEquipmentSequence|Pulser Equipment Sequence
        00144004 CS PulserType|Pulser Type
        00144006 LT PulserNotes|Pulser Notes
        00144008 SQ ReceiverEquipmentSequence|Receiver Equipment Sequence
        0014400A CS AmplifierType|Amplifier Type
        0014400C LT ReceiverNotes|Receiver Notes
        0014400E SQ PreAmplifierEquipmentSequence|Pre-Amplifier Equipment Sequence
        0014400F LT PreAmplifierNotes|Pre-Amplifier Notes
        00144010 SQ TransmitTransducerSequence|Transmit Transducer Sequence
        00144011 SQ ReceiveTransducerSequence|Receive Transducer Sequence
        00144012 US NumberOfElements|Number of Elements
        00144013 CS ElementShape|Element Shape
        00144014 DS ElementDimensionA|Element Dimension A
        00144015 DS ElementDimensionB|Element Dimension B
        00144016 DS ElementPitchA|Element Pitch A
        00144017 DS MeasuredBeamDimensionA|Measured Beam Dimension A
        00144018 DS MeasuredBeamDimensionB|Measured Beam Dimension B
        00144019 DS LocationOfMeasuredBeamDiameter|Location of Measured Beam Diameter
        0014401A DS NominalFrequency|Nominal Frequency
        0014401B DS MeasuredCenterFrequency|Measured Center Frequency
        0014401C DS MeasuredBandwidth|Measured Bandwidth
        0014401D DS ElementPitchB|Element Pitch B
        00144020 SQ PulserSettingsSequence|Pulser Settings Sequence
        00144022 DS PulseWidth|Pulse Width
        00144024 DS ExcitationFrequency|Excitation Frequency
        00144026 CS ModulationType|Modulation Type
        00144028 DS Damping|Damping
        00144030 SQ ReceiverSettingsSequence|Receiver Settings Sequence
        00144031 DS AcquiredSoundpathLength|Acquired Soundpath Length
        00144032 CS AcquisitionCompressionType|Acquisition Compression Type
        00144033 IS AcquisitionSampleSize|Acquisition Sample Size
        00144034 DS RectifierSmoothing|Rectifier Smoothing
        00144035 SQ DACSequence|DAC Sequence
        00144036 CS DACType|DAC Type
        00144038 DS DACGainPoints|DAC Gain Points
        0014403A DS DACTimePoints|DAC Time Points
        0014403C DS DACAmplitude|DAC Amplitude
        00144040 SQ PreAmplifierSettingsSequence|Pre-Amplifier Settings Sequence
        00144050 SQ TransmitTransducerSettingsSequence|Transmit Transducer Settings Sequence
        00144051 SQ ReceiveTransducerSettingsSequence|Receive Transducer Settings Sequence
        00144052 DS IncidentAngle|Incident Angle
        00144054 ST CouplingTechnique|Coupling Technique
        00144056 ST CouplingMedium|Coupling Medium
        00144057 DS CouplingVelocity|Coupling Velocity
        00144058 DS ProbeCenterLocationX|Probe Center Location X
        00144059 DS ProbeCenterLocationZ|Probe Center Location Z
        0014405A DS SoundPathLength|Sound Path Length
        0014405C ST DelayLawIdentifier|Delay Law Identifier
        00144060 SQ GateSettingsSequence|Gate Settings Sequence
        00144062 DS GateThreshold|Gate Threshold
        00144064 DS VelocityOfSound|Velocity of Sound
        00144070 SQ CalibrationSettingsSequence|Calibration Settings Sequence
        00144072 ST CalibrationProcedure|Calibration Procedure
        00144074 SH ProcedureVersion|Procedure Version
        00144076 DA ProcedureCreationDate|Procedure Creation Date
        00144078 DA ProcedureExpirationDate|Procedure Expiration Date
        0014407A DA ProcedureLastModifiedDate|Procedure Last Modified Date
        0014407C TM CalibrationTime|Calibration Time
        0014407E DA CalibrationDate|Calibration Date
        00144080 SQ ProbeDriveEquipmentSequence|Probe Drive Equipment Sequence
        00144081 CS DriveType|Drive Type
        00144082 LT ProbeDriveNotes|Probe Drive Notes
        00144083 SQ DriveProbeSequence|Drive Probe Sequence
        00144084 DS ProbeInductance|Probe Inductance
        00144085 DS ProbeResistance|Probe Resistance
        00144086 SQ ReceiveProbeSequence|Receive Probe Sequence
        00144087 SQ ProbeDriveSettingsSequence|Probe Drive Settings Sequence
        00144088 DS BridgeResistors|Bridge Resistors
        00144089 DS ProbeOrientationAngle|Probe Orientation Angle
        0014408B DS UserSelectedGainY|User Selected Gain Y
        0014408C DS UserSelectedPhase|User Selected Phase
        0014408D DS UserSelectedOffsetX|User Selected Offset X
        0014408E DS UserSelectedOffsetY|User Selected Offset Y
        00144091 SQ ChannelSettingsSequence|Channel Settings Sequence
        00144092 DS ChannelThreshold|Channel Threshold
        0014409A SQ ScannerSettingsSequence|Scanner Settings Sequence
        0014409B ST ScanProcedure|Scan Procedure
        0014409C DS TranslationRateX|Translation Rate X
        0014409D DS TranslationRateY|Translation Rate Y
        0014409F DS ChannelOverlap|Channel Overlap
        001440A0 LO ImageQualityIndicatorType|Image Quality Indicator Type
        001440A1 LO ImageQualityIndicatorMaterial|Image Quality Indicator Material
        001440A2 LO ImageQualityIndicatorSize|Image Quality Indicator Size
        00145002 IS LINACEnergy|LINAC Energy
        00145004 IS LINACOutput|LINAC Output
        00145100 US ActiveAperture|Active Aperture
        00145101 DS TotalAperture|Total Aperture
        00145102 DS ApertureElevation|Aperture Elevation
        00145103 DS MainLobeAngle|Main Lobe Angle
        00145104 DS MainRoofAngle|Main Roof Angle
        00145105 CS ConnectorType|Connector Type
        00145106 SH WedgeModelNumber|Wedge Model Number
        00145107 DS WedgeAngleFloat|Wedge Angle Float
        00145108 DS WedgeRoofAngle|Wedge Roof Angle
        00145109 CS WedgeElement1Position|Wedge Element 1 Position
        0014510A DS WedgeMaterialVelocity|Wedge Material Velocity
        0014510B SH WedgeMaterial|Wedge Material
        0014510C DS WedgeOffsetZ|Wedge Offset Z
        0014510D DS WedgeOriginOffsetX|Wedge Origin Offset X
        0014510E DS WedgeTimeDelay|Wedge Time Delay
        0014510F SH WedgeName|Wedge Name
        00145110 SH WedgeManufacturerName|Wedge Manufacturer Name
        00145111 LO WedgeDescription|Wedge Description
        00145112 DS NominalBeamAngle|Nominal Beam Angle
        00145113 DS WedgeOffsetX|Wedge Offset X
        00145114 DS WedgeOffsetY|Wedge Offset Y
        00145115 DS WedgeTotalLength|Wedge Total Length
        00145116 DS WedgeInContactLength|Wedge In Contact Length
        00145117 DS WedgeFrontGap|Wedge Front Gap
        00145118 DS WedgeTotalHeight|Wedge Total Height
        00145119 DS WedgeFrontHeight|Wedge Front Height
        0014511A DS WedgeRearHeight|Wedge Rear Height
        0014511B DS WedgeTotalWidth|Wedge Total Width
        0014511C DS WedgeInContactWidth|Wedge In Contact Width
        0014511D DS WedgeChamferHeight|Wedge Chamfer Height
        0014511E CS WedgeCurve|Wedge Curve
        0014511F DS RadiusAlongWedge|Radius Along the Wedge
        00160001 DS WhitePoint|White Point
        00160002 DS PrimaryChromaticities|Primary Chromaticities
        00160003 UT BatteryLevel|Battery Level
        00160004 DS ExposureTimeInSeconds|Exposure Time in Seconds
        00160005 DS FNumber|F-Number
        00160006 IS OECFRows|OECF Rows
        00160007 IS OECFColumns|OECF Columns
        00160008 UC OECFColumnNames|OECF Column Names
        00160009 DS OECFValues|OECF Values
        0016000A IS SpatialFrequencyResponseRows|Spatial Frequency Response Rows
        0016000B IS SpatialFrequencyResponseColumns|Spatial Frequency Response Columns
        0016000C UC SpatialFrequencyResponseColumnNames|Spatial Frequency Response Column Names
        0016000D DS SpatialFrequencyResponseValues|Spatial Frequency Response Values
        0016000E IS ColorFilterArrayPatternRows|Color Filter Array Pattern Rows
        0016000F IS ColorFilterArrayPatternColumns|Color Filter Array Pattern Columns
        00160010 DS ColorFilterArrayPatternValues|Color Filter Array Pattern Values
        00160011 US FlashFiringStatus|Flash Firing Status
        00160012 US FlashReturnStatus|Flash Return Status
        00160013 US FlashMode|Flash Mode
        00160014 US FlashFunctionPresent|Flash Function Present
        00160015 US FlashRedEyeMode|Flash Red Eye Mode
        00160016 US ExposureProgram|Exposure Program
        00160017 UT SpectralSensitivity|Spectral Sensitivity
        00160018 IS PhotographicSensitivity|Photographic Sensitivity
        00160019 IS SelfTimerMode|Self Timer Mode
        0016001A US SensitivityType|Sensitivity Type
        0016001B IS StandardOutputSensitivity|Standard Output Sensitivity
        0016001C IS RecommendedExposureIndex|Recommended Exposure Index
        0016001D IS ISOSpeed|ISO Speed
        0016001E IS ISOSpeedLatitudeyyy|ISO Speed Latitude yyy
        0016001F IS ISOSpeedLatitudezzz|ISO Speed Latitude zzz
        00160020 UT EXIFVersion|EXIF Version
        00160021 DS ShutterSpeedValue|Shutter Speed Value
        00160022 DS ApertureValue|Aperture Value
        00160023 DS BrightnessValue|Brightness Value
        00160024 DS ExposureBiasValue|Exposure Bias Value
        00160025 DS MaxApertureValue|Max Aperture Value
        00160026 DS SubjectDistance|Subject Distance
        00160027 US MeteringMode|Metering Mode
        00160028 US LightSource|Light Source
        00160029 DS FocalLength|Focal Length
        0016002A IS SubjectArea|Subject Area
        0016002B OB MakerNote|Maker Note
        00160030 DS Temperature|Temperature
        00160031 DS Humidity|Humidity
        00160032 DS Pressure|Pressure
        00160033 DS WaterDepth|Water Depth
        00160034 DS Acceleration|Acceleration
        00160035 DS CameraElevationAngle|Camera Elevation Angle
        00160036 DS FlashEnergy|Flash Energy
        00160037 IS SubjectLocation|Subject Location
        00160038 DS PhotographicExposureIndex|Photographic Exposure Index
        00160039 US SensingMethod|Sensing Method
        0016003A US FileSource|File Source
        0016003B US SceneType|Scene Type
        00160041 US CustomRendered|Custom Rendered
        00160042 US ExposureMode|Exposure Mode
        00160043 US WhiteBalance|White Balance
        00160044 DS DigitalZoomRatio|Digital Zoom Ratio
        00160045 IS FocalLengthIn35mmFilm|Focal Length In 35mm Film
        00160046 US SceneCaptureType|Scene Capture Type
        00160047 US GainControl|Gain Control
        00160048 US Contrast|Contrast
        00160049 US Saturation|Saturation
        0016004A US Sharpness|Sharpness
        0016004B OB DeviceSettingDescription|Device Setting Description
        0016004C US SubjectDistanceRange|Subject Distance Range
        0016004D UT CameraOwnerName|Camera Owner Name
        0016004E DS LensSpecification|Lens Specification
        0016004F UT LensMake|Lens Make
        00160050 UT LensModel|Lens Model
        00160051 UT LensSerialNumber|Lens Serial Number
        00160061 CS InteroperabilityIndex|Interoperability Index
        00160062 OB InteroperabilityVersion|Interoperability Version
        00160070 OB GPSVersionID|GPS Version ID
        00160071 CS GPSLatitudeRef|GPS Latitude Ref
        00160072 DS GPSLatitude|GPS Latitude
        00160073 CS GPSLongitudeRef|GPS Longitude Ref
        00160074 DS GPSLongitude|GPS Longitude
        00160075 US GPSAltitudeRef|GPS Altitude Ref
        00160076 DS GPSAltitude|GPS Altitude
        00160077 DT GPSTimeStamp|GPS Time Stamp
        00160078 UT GPSSatellites|GPS Satellites
        00160079 CS GPSStatus|GPS Status
        0016007A CS GPSMeasureMode|GPS Measure Mode
        0016007B DS GPSDOP|GPS DOP
        0016007C CS GPSSpeedRef|GPS Speed Ref
        0016007D DS GPSSpeed|GPS Speed
        0016007E CS GPSTrackRef|GPS Track Ref
        0016007F DS GPSTrack|GPS Track
        00160080 CS GPSImgDirectionRef|GPS Img Direction Ref
        00160081 DS GPSImgDirection|GPS Img Direction
        00160082 UT GPSMapDatum|GPS Map Datum
        00160083 CS GPSDestLatitudeRef|GPS Dest Latitude Ref
        00160084 DS GPSDestLatitude|GPS Dest Latitude
        00160085 CS GPSDestLongitudeRef|GPS Dest Longitude Ref
        00160086 DS GPSDestLongitude|GPS Dest Longitude
        00160087 CS GPSDestBearingRef|GPS Dest Bearing Ref
        00160088 DS GPSDestBearing|GPS Dest Bearing
        00160089 CS GPSDestDistanceRef|GPS Dest Distance Ref
        0016008A DS GPSDestDistance|GPS Dest Distance
        0016008B OB GPSProcessingMethod|GPS Processing Method
        0016008C OB GPSAreaInformation|GPS Area Information
        0016008D DT GPSDateStamp|GPS Date Stamp
        0016008E IS GPSDifferential|GPS Differential
        00161001 CS LightSourcePolarization|Light Source Polarization
        00161002 DS EmitterColorTemperature|Emitter Color Temperature
        00161003 CS ContactMethod|Contact Method
        00161004 CS ImmersionMedia|Immersion Media
        00161005 DS OpticalMagnificationFactor|Optical Magnification Factor
        00180010 LO ContrastBolusAgent|Contrast/Bolus Agent
        00180012 SQ ContrastBolusAgentSequence|Contrast/Bolus Agent Sequence
        00180013 FL ContrastBolusT1Relaxivity|Contrast/Bolus T1 Relaxivity
        00180014 SQ ContrastBolusAdministrationRouteSequence|Contrast/Bolus Administration Route Sequence
        00180015 CS BodyPartExamined|Body Part Examined
        00180020 CS ScanningSequence|Scanning Sequence
        00180021 CS SequenceVariant|Sequence Variant
        00180022 CS ScanOptions|Scan Options
        00180023 CS MRAcquisitionType|MR Acquisition Type
        00180024 SH SequenceName|Sequence Name
        00180025 CS AngioFlag|Angio Flag
        00180026 SQ InterventionDrugInformationSequence|Intervention Drug Information Sequence
        00180027 TM InterventionDrugStopTime|Intervention Drug Stop Time
        00180028 DS InterventionDrugDose|Intervention Drug Dose
        00180029 SQ InterventionDrugCodeSequence|Intervention Drug Code Sequence
        0018002A SQ AdditionalDrugSequence|Additional Drug Sequence
        00180030 LO Radionuclide|Radionuclide
        00180031 LO Radiopharmaceutical|Radiopharmaceutical
        00180032 DS EnergyWindowCenterline|Energy Window Centerline
        00180033 DS EnergyWindowTotalWidth|Energy Window Total Width
        00180034 LO InterventionDrugName|Intervention Drug Name
        00180035 TM InterventionDrugStartTime|Intervention Drug Start Time
        00180036 SQ InterventionSequence|Intervention Sequence
        00180037 CS TherapyType|Therapy Type
        00180038 CS InterventionStatus|Intervention Status
        00180039 CS TherapyDescription|Therapy Description
        0018003A ST InterventionDescription|Intervention Description
        00180040 IS CineRate|Cine Rate
        00180042 CS InitialCineRunState|Initial Cine Run State
        00180050 DS SliceThickness|Slice Thickness
        00180060 DS KVP|KVP
        00180061 DS |
        00180070 IS CountsAccumulated|Counts Accumulated
        00180071 CS AcquisitionTerminationCondition|Acquisition Termination Condition
        00180072 DS EffectiveDuration|Effective Duration
        00180073 CS AcquisitionStartCondition|Acquisition Start Condition
        00180074 IS AcquisitionStartConditionData|Acquisition Start Condition Data
        00180075 IS AcquisitionTerminationConditionData|Acquisition Termination Condition Data
        00180080 DS RepetitionTime|Repetition Time
        00180081 DS EchoTime|Echo Time
        00180082 DS InversionTime|Inversion Time
        00180083 DS NumberOfAverages|Number of Averages
        00180084 DS ImagingFrequency|Imaging Frequency
        00180085 SH ImagedNucleus|Imaged Nucleus
        00180086 IS EchoNumbers|Echo Number(s)
        00180087 DS MagneticFieldStrength|Magnetic Field Strength
        00180088 DS SpacingBetweenSlices|Spacing Between Slices
        00180089 IS NumberOfPhaseEncodingSteps|Number of Phase Encoding Steps
        00180090 DS DataCollectionDiameter|Data Collection Diameter
        00180091 IS EchoTrainLength|Echo Train Length
        00180093 DS PercentSampling|Percent Sampling
        00180094 DS PercentPhaseFieldOfView|Percent Phase Field of View
        00180095 DS PixelBandwidth|Pixel Bandwidth
        00181000 LO DeviceSerialNumber|Device Serial Number
        00181002 UI DeviceUID|Device UID
        00181003 LO DeviceID|Device ID
        00181004 LO PlateID|Plate ID
        00181005 LO GeneratorID|Generator ID
        00181006 LO GridID|Grid ID
        00181007 LO CassetteID|Cassette ID
        00181008 LO GantryID|Gantry ID
        00181009 UT UniqueDeviceIdentifier|Unique Device Identifier
        0018100A SQ UDISequence|UDI Sequence
        0018100B UI ManufacturerDeviceClassUID|Manufacturer's Device Class UID
        00181010 LO SecondaryCaptureDeviceID|Secondary Capture Device ID
        00181011 LO HardcopyCreationDeviceID|Hardcopy Creation Device ID
        00181012 DA DateOfSecondaryCapture|Date of Secondary Capture
        00181014 TM TimeOfSecondaryCapture|Time of Secondary Capture
        00181016 LO SecondaryCaptureDeviceManufacturer|Secondary Capture Device Manufacturer
        00181017 LO HardcopyDeviceManufacturer|Hardcopy Device Manufacturer
        00181018 LO SecondaryCaptureDeviceManufacturerModelName|Secondary Capture Device Manufacturer's Model Name
        00181019 LO SecondaryCaptureDeviceSoftwareVersions|Secondary Capture Device Software Versions
        0018101A LO HardcopyDeviceSoftwareVersion|Hardcopy Device Software Version
        0018101B LO HardcopyDeviceManufacturerModelName|Hardcopy Device Manufacturer's Model Name
        00181020 LO SoftwareVersions|Software Versions
        00181022 SH VideoImageFormatAcquired|Video Image Format Acquired
        00181023 LO DigitalImageFormatAcquired|Digital Image Format Acquired
        00181030 LO ProtocolName|Protocol Name
        00181040 LO ContrastBolusRoute|Contrast/Bolus Route
        00181041 DS ContrastBolusVolume|Contrast/Bolus Volume
        00181042 TM ContrastBolusStartTime|Contrast/Bolus Start Time
        00181043 TM ContrastBolusStopTime|Contrast/Bolus Stop Time
        00181044 DS ContrastBolusTotalDose|Contrast/Bolus Total Dose
        00181045 IS SyringeCounts|Syringe Counts
        00181046 DS ContrastFlowRate|Contrast Flow Rate
        00181047 DS ContrastFlowDuration|Contrast Flow Duration
        00181048 CS ContrastBolusIngredient|Contrast/Bolus Ingredient
        00181049 DS ContrastBolusIngredientConcentration|Contrast/Bolus Ingredient Concentration
        00181050 DS SpatialResolution|Spatial Resolution
        00181060 DS TriggerTime|Trigger Time
        00181061 LO TriggerSourceOrType|Trigger Source or Type
        00181062 IS NominalInterval|Nominal Interval
        00181063 DS FrameTime|Frame Time
        00181064 LO CardiacFramingType|Cardiac Framing Type
        00181065 DS FrameTimeVector|Frame Time Vector
        00181066 DS FrameDelay|Frame Delay
        00181067 DS ImageTriggerDelay|Image Trigger Delay
        00181068 DS MultiplexGroupTimeOffset|Multiplex Group Time Offset
        00181069 DS TriggerTimeOffset|Trigger Time Offset
        0018106A CS SynchronizationTrigger|Synchronization Trigger
        0018106C US SynchronizationChannel|Synchronization Channel
        0018106E UL TriggerSamplePosition|Trigger Sample Position
        00181070 LO RadiopharmaceuticalRoute|Radiopharmaceutical Route
        00181071 DS RadiopharmaceuticalVolume|Radiopharmaceutical Volume
        00181072 TM RadiopharmaceuticalStartTime|Radiopharmaceutical Start Time
        00181073 TM RadiopharmaceuticalStopTime|Radiopharmaceutical Stop Time
        00181074 DS RadionuclideTotalDose|Radionuclide Total Dose
        00181075 DS RadionuclideHalfLife|Radionuclide Half Life
        00181076 DS RadionuclidePositronFraction|Radionuclide Positron Fraction
        00181077 DS RadiopharmaceuticalSpecificActivity|Radiopharmaceutical Specific Activity
        00181078 DT RadiopharmaceuticalStartDateTime|Radiopharmaceutical Start DateTime
        00181079 DT RadiopharmaceuticalStopDateTime|Radiopharmaceutical Stop DateTime
        00181080 CS BeatRejectionFlag|Beat Rejection Flag
        00181081 IS LowRRValue|Low R-R Value
        00181082 IS HighRRValue|High R-R Value
        00181083 IS IntervalsAcquired|Intervals Acquired
        00181084 IS IntervalsRejected|Intervals Rejected
        00181085 LO PVCRejection|PVC Rejection
        00181086 IS SkipBeats|Skip Beats
        00181088 IS HeartRate|Heart Rate
        00181090 IS CardiacNumberOfImages|Cardiac Number of Images
        00181094 IS TriggerWindow|Trigger Window
        00181100 DS ReconstructionDiameter|Reconstruction Diameter
        00181110 DS DistanceSourceToDetector|Distance Source to Detector
        00181111 DS DistanceSourceToPatient|Distance Source to Patient
        00181114 DS EstimatedRadiographicMagnificationFactor|Estimated Radiographic Magnification Factor
        00181120 DS GantryDetectorTilt|Gantry/Detector Tilt
        00181121 DS GantryDetectorSlew|Gantry/Detector Slew
        00181130 DS TableHeight|Table Height
        00181131 DS TableTraverse|Table Traverse
        00181134 CS TableMotion|Table Motion
        00181135 DS TableVerticalIncrement|Table Vertical Increment
        00181136 DS TableLateralIncrement|Table Lateral Increment
        00181137 DS TableLongitudinalIncrement|Table Longitudinal Increment
        00181138 DS TableAngle|Table Angle
        0018113A CS TableType|Table Type
        00181140 CS RotationDirection|Rotation Direction
        00181141 DS AngularPosition|Angular Position
        00181142 DS RadialPosition|Radial Position
        00181143 DS ScanArc|Scan Arc
        00181144 DS AngularStep|Angular Step
        00181145 DS CenterOfRotationOffset|Center of Rotation Offset
        00181146 DS RotationOffset|Rotation Offset
        00181147 CS FieldOfViewShape|Field of View Shape
        00181149 IS FieldOfViewDimensions|Field of View Dimension(s)
        00181150 IS ExposureTime|Exposure Time
        00181151 IS XRayTubeCurrent|X-Ray Tube Current
        00181152 IS Exposure|Exposure
        00181153 IS ExposureInuAs|Exposure in uAs
        00181154 DS AveragePulseWidth|Average Pulse Width
        00181155 CS RadiationSetting|Radiation Setting
        00181156 CS RectificationType|Rectification Type
        0018115A CS RadiationMode|Radiation Mode
        0018115E DS ImageAndFluoroscopyAreaDoseProduct|Image and Fluoroscopy Area Dose Product
        00181160 SH FilterType|Filter Type
        00181161 LO TypeOfFilters|Type of Filters
        00181162 DS IntensifierSize|Intensifier Size
        00181164 DS ImagerPixelSpacing|Imager Pixel Spacing
        00181166 CS Grid|Grid
        00181170 IS GeneratorPower|Generator Power
        00181180 SH CollimatorGridName|Collimator/grid Name
        00181181 CS CollimatorType|Collimator Type
        00181182 IS FocalDistance|Focal Distance
        00181183 DS XFocusCenter|X Focus Center
        00181184 DS YFocusCenter|Y Focus Center
        00181190 DS FocalSpots|Focal Spot(s)
        00181191 CS AnodeTargetMaterial|Anode Target Material
        001811A0 DS BodyPartThickness|Body Part Thickness
        001811A2 DS CompressionForce|Compression Force
        001811A3 DS CompressionPressure|Compression Pressure
        001811A4 LO PaddleDescription|Paddle Description
        001811A5 DS CompressionContactArea|Compression Contact Area
        001811B0 LO AcquisitionMode|Acquisition Mode
        001811B1 LO DoseModeName|Dose Mode Name
        001811B2 CS AcquiredSubtractionMaskFlag|Acquired Subtraction Mask Flag
        001811B3 CS FluoroscopyPersistenceFlag|Fluoroscopy Persistence Flag
        001811B4 CS FluoroscopyLastImageHoldPersistenceFlag|Fluoroscopy Last Image Hold Persistence Flag
        001811B5 IS UpperLimitNumberOfPersistentFluoroscopyFrames|Upper Limit Number Of Persistent Fluoroscopy Frames
        001811B6 CS ContrastBolusAutoInjectionTriggerFlag|Contrast/Bolus Auto Injection Trigger Flag
        001811B7 FD ContrastBolusInjectionDelay|Contrast/Bolus Injection Delay
        001811B8 SQ XAAcquisitionPhaseDetailsSequence|XA Acquisition Phase Details Sequence
        001811B9 FD XAAcquisitionFrameRate|XA Acquisition Frame Rate
        001811BA SQ XAPlaneDetailsSequence|XA Plane Details Sequence
        001811BB LO AcquisitionFieldOfViewLabel|Acquisition Field of View Label
        001811BC SQ XRayFilterDetailsSequence|X-Ray Filter Details Sequence
        001811BD FD XAAcquisitionDuration|XA Acquisition Duration
        001811BE CS ReconstructionPipelineType|Reconstruction Pipeline Type
        001811BF SQ ImageFilterDetailsSequence|Image Filter Details Sequence
        001811C0 CS AppliedMaskSubtractionFlag|Applied Mask Subtraction Flag
        001811C1 SQ RequestedSeriesDescriptionCodeSequence|Requested Series Description Code Sequence
        00181200 DA DateOfLastCalibration|Date of Last Calibration
        00181201 TM TimeOfLastCalibration|Time of Last Calibration
        00181202 DT DateTimeOfLastCalibration|DateTime of Last Calibration
        00181203 DT CalibrationDateTime|Calibration DateTime
        00181204 DA DateOfManufacture|Date of Manufacture
        00181205 DA DateOfInstallation|Date of Installation
        00181210 SH ConvolutionKernel|Convolution Kernel
        00181240 IS UpperLowerPixelValues|Upper/Lower Pixel Values
        00181242 IS ActualFrameDuration|Actual Frame Duration
        00181243 IS CountRate|Count Rate
        00181244 US PreferredPlaybackSequencing|Preferred Playback Sequencing
        00181250 SH ReceiveCoilName|Receive Coil Name
        00181251 SH TransmitCoilName|Transmit Coil Name
        00181260 SH PlateType|Plate Type
        00181261 LO PhosphorType|Phosphor Type
        00181271 FD WaterEquivalentDiameter|Water Equivalent Diameter
        00181272 SQ WaterEquivalentDiameterCalculationMethodCodeSequence|Water Equivalent Diameter Calculation Method Code Sequence
        00181300 DS ScanVelocity|Scan Velocity
        00181301 CS WholeBodyTechnique|Whole Body Technique
        00181302 IS ScanLength|Scan Length
        00181310 US AcquisitionMatrix|Acquisition Matrix
        00181312 CS InPlanePhaseEncodingDirection|In-plane Phase Encoding Direction
        00181314 DS FlipAngle|Flip Angle
        00181315 CS VariableFlipAngleFlag|Variable Flip Angle Flag
        00181316 DS SAR|SAR
        00181318 DS dBdt|dB/dt
        00181320 FL B1rms|B1rms
        00181400 LO AcquisitionDeviceProcessingDescription|Acquisition Device Processing Description
        00181401 LO AcquisitionDeviceProcessingCode|Acquisition Device Processing Code
        00181402 CS CassetteOrientation|Cassette Orientation
        00181403 CS CassetteSize|Cassette Size
        00181404 US ExposuresOnPlate|Exposures on Plate
        00181405 IS RelativeXRayExposure|Relative X-Ray Exposure
        00181411 DS ExposureIndex|Exposure Index
        00181412 DS TargetExposureIndex|Target Exposure Index
        00181413 DS DeviationIndex|Deviation Index
        00181450 DS ColumnAngulation|Column Angulation
        00181460 DS TomoLayerHeight|Tomo Layer Height
        00181470 DS TomoAngle|Tomo Angle
        00181480 DS TomoTime|Tomo Time
        00181490 CS TomoType|Tomo Type
        00181491 CS TomoClass|Tomo Class
        00181495 IS NumberOfTomosynthesisSourceImages|Number of Tomosynthesis Source Images
        00181500 CS PositionerMotion|Positioner Motion
        00181508 CS PositionerType|Positioner Type
        00181510 DS PositionerPrimaryAngle|Positioner Primary Angle
        00181511 DS PositionerSecondaryAngle|Positioner Secondary Angle
        00181520 DS PositionerPrimaryAngleIncrement|Positioner Primary Angle Increment
        00181521 DS PositionerSecondaryAngleIncrement|Positioner Secondary Angle Increment
        00181530 DS DetectorPrimaryAngle|Detector Primary Angle
        00181531 DS DetectorSecondaryAngle|Detector Secondary Angle
        00181600 CS ShutterShape|Shutter Shape
        00181602 IS ShutterLeftVerticalEdge|Shutter Left Vertical Edge
        00181604 IS ShutterRightVerticalEdge|Shutter Right Vertical Edge
        00181606 IS ShutterUpperHorizontalEdge|Shutter Upper Horizontal Edge
        00181608 IS ShutterLowerHorizontalEdge|Shutter Lower Horizontal Edge
        00181610 IS CenterOfCircularShutter|Center of Circular Shutter
        00181612 IS RadiusOfCircularShutter|Radius of Circular Shutter
        00181620 IS VerticesOfThePolygonalShutter|Vertices of the Polygonal Shutter
        00181622 US ShutterPresentationValue|Shutter Presentation Value
        00181623 US ShutterOverlayGroup|Shutter Overlay Group
        00181624 US ShutterPresentationColorCIELabValue|Shutter Presentation Color CIELab Value
        00181630 CS OutlineShapeType|Outline Shape Type
        00181631 FD OutlineLeftVerticalEdge|Outline Left Vertical Edge
        00181632 FD OutlineRightVerticalEdge|Outline Right Vertical Edge
        00181633 FD OutlineUpperHorizontalEdge|Outline Upper Horizontal Edge
        00181634 FD OutlineLowerHorizontalEdge|Outline Lower Horizontal Edge
        00181635 FD CenterOfCircularOutline|Center of Circular Outline
        00181636 FD DiameterOfCircularOutline|Diameter of Circular Outline
        00181637 UL NumberOfPolygonalVertices|Number of Polygonal Vertices
        00181638 OF VerticesOfThePolygonalOutline|Vertices of the Polygonal Outline
        00181700 CS CollimatorShape|Collimator Shape
        00181702 IS CollimatorLeftVerticalEdge|Collimator Left Vertical Edge
        00181704 IS CollimatorRightVerticalEdge|Collimator Right Vertical Edge
        00181706 IS CollimatorUpperHorizontalEdge|Collimator Upper Horizontal Edge
        00181708 IS CollimatorLowerHorizontalEdge|Collimator Lower Horizontal Edge
        00181710 IS CenterOfCircularCollimator|Center of Circular Collimator
        00181712 IS RadiusOfCircularCollimator|Radius of Circular Collimator
        00181720 IS VerticesOfThePolygonalCollimator|Vertices of the Polygonal Collimator
        00181800 CS AcquisitionTimeSynchronized|Acquisition Time Synchronized
        00181801 SH TimeSource|Time Source
        00181802 CS TimeDistributionProtocol|Time Distribution Protocol
        00181803 LO NTPSourceAddress|NTP Source Address
        00182001 IS PageNumberVector|Page Number Vector
        00182002 SH FrameLabelVector|Frame Label Vector
        00182003 DS FramePrimaryAngleVector|Frame Primary Angle Vector
        00182004 DS FrameSecondaryAngleVector|Frame Secondary Angle Vector
        00182005 DS SliceLocationVector|Slice Location Vector
        00182006 SH DisplayWindowLabelVector|Display Window Label Vector
        00182010 DS NominalScannedPixelSpacing|Nominal Scanned Pixel Spacing
        00182020 CS DigitizingDeviceTransportDirection|Digitizing Device Transport Direction
        00182030 DS RotationOfScannedFilm|Rotation of Scanned Film
        00182041 SQ BiopsyTargetSequence|Biopsy Target Sequence
        00182042 UI TargetUID|Target UID
        00182043 FL LocalizingCursorPosition|Localizing Cursor Position
        00182044 FL CalculatedTargetPosition|Calculated Target Position
        00182045 SH TargetLabel|Target Label
        00182046 FL DisplayedZValue|Displayed Z Value
        00183100 CS IVUSAcquisition|IVUS Acquisition
        00183101 DS IVUSPullbackRate|IVUS Pullback Rate
        00183102 DS IVUSGatedRate|IVUS Gated Rate
        00183103 IS IVUSPullbackStartFrameNumber|IVUS Pullback Start Frame Number
        00183104 IS IVUSPullbackStopFrameNumber|IVUS Pullback Stop Frame Number
        00183105 IS LesionNumber|Lesion Number
        00184000 LT AcquisitionComments|Acquisition Comments
        00185000 SH OutputPower|Output Power
        00185010 LO TransducerData|Transducer Data
        00185011 SQ TransducerIdentificationSequence|Transducer Identification Sequence
        00185012 DS FocusDepth|Focus Depth
        00185020 LO ProcessingFunction|Processing Function
        00185021 LO PostprocessingFunction|Postprocessing Function
        00185022 DS MechanicalIndex|Mechanical Index
        00185024 DS BoneThermalIndex|Bone Thermal Index
        00185026 DS CranialThermalIndex|Cranial Thermal Index
        00185027 DS SoftTissueThermalIndex|Soft Tissue Thermal Index
        00185028 DS SoftTissueFocusThermalIndex|Soft Tissue-focus Thermal Index
        00185029 DS SoftTissueSurfaceThermalIndex|Soft Tissue-surface Thermal Index
        00185030 DS DynamicRange|Dynamic Range
        00185040 DS TotalGain|Total Gain
        00185050 IS DepthOfScanField|Depth of Scan Field
        00185100 CS PatientPosition|Patient Position
        00185101 CS ViewPosition|View Position
        00185104 SQ ProjectionEponymousNameCodeSequence|Projection Eponymous Name Code Sequence
        00185210 DS ImageTransformationMatrix|Image Transformation Matrix
        00185212 DS ImageTranslationVector|Image Translation Vector
        00186000 DS Sensitivity|Sensitivity
        00186011 SQ SequenceOfUltrasoundRegions|Sequence of Ultrasound Regions
        00186012 US RegionSpatialFormat|Region Spatial Format
        00186014 US RegionDataType|Region Data Type
        00186016 UL RegionFlags|Region Flags
        00186018 UL RegionLocationMinX0|Region Location Min X0
        0018601A UL RegionLocationMinY0|Region Location Min Y0
        0018601C UL RegionLocationMaxX1|Region Location Max X1
        0018601E UL RegionLocationMaxY1|Region Location Max Y1
        00186020 SL ReferencePixelX0|Reference Pixel X0
        00186022 SL ReferencePixelY0|Reference Pixel Y0
        00186024 US PhysicalUnitsXDirection|Physical Units X Direction
        00186026 US PhysicalUnitsYDirection|Physical Units Y Direction
        00186028 FD ReferencePixelPhysicalValueX|Reference Pixel Physical Value X
        0018602A FD ReferencePixelPhysicalValueY|Reference Pixel Physical Value Y
        0018602C FD PhysicalDeltaX|Physical Delta X
        0018602E FD PhysicalDeltaY|Physical Delta Y
        00186030 UL TransducerFrequency|Transducer Frequency
        00186031 CS TransducerType|Transducer Type
        00186032 UL PulseRepetitionFrequency|Pulse Repetition Frequency
        00186034 FD DopplerCorrectionAngle|Doppler Correction Angle
        00186036 FD SteeringAngle|Steering Angle
        00186038 UL DopplerSampleVolumeXPositionRetired|Doppler Sample Volume X Position (Retired)
        00186039 SL DopplerSampleVolumeXPosition|Doppler Sample Volume X Position
        0018603A UL DopplerSampleVolumeYPositionRetired|Doppler Sample Volume Y Position (Retired)
        0018603B SL DopplerSampleVolumeYPosition|Doppler Sample Volume Y Position
        0018603C UL TMLinePositionX0Retired|TM-Line Position X0 (Retired)
        0018603D SL TMLinePositionX0|TM-Line Position X0
        0018603E UL TMLinePositionY0Retired|TM-Line Position Y0 (Retired)
        0018603F SL TMLinePositionY0|TM-Line Position Y0
        00186040 UL TMLinePositionX1Retired|TM-Line Position X1 (Retired)
        00186041 SL TMLinePositionX1|TM-Line Position X1
        00186042 UL TMLinePositionY1Retired|TM-Line Position Y1 (Retired)
        00186043 SL TMLinePositionY1|TM-Line Position Y1
        00186044 US PixelComponentOrganization|Pixel Component Organization
        00186046 UL PixelComponentMask|Pixel Component Mask
        00186048 UL PixelComponentRangeStart|Pixel Component Range Start
        0018604A UL PixelComponentRangeStop|Pixel Component Range Stop
        0018604C US PixelComponentPhysicalUnits|Pixel Component Physical Units
        0018604E US PixelComponentDataType|Pixel Component Data Type
        00186050 UL NumberOfTableBreakPoints|Number of Table Break Points
        00186052 UL TableOfXBreakPoints|Table of X Break Points
        00186054 FD TableOfYBreakPoints|Table of Y Break Points
        00186056 UL NumberOfTableEntries|Number of Table Entries
        00186058 UL TableOfPixelValues|Table of Pixel Values
        0018605A FL TableOfParameterValues|Table of Parameter Values
        00186060 FL RWaveTimeVector|R Wave Time Vector
        00186070 US ActiveImageAreaOverlayGroup|Active Image Area Overlay Group
        00187000 CS DetectorConditionsNominalFlag|Detector Conditions Nominal Flag
        00187001 DS DetectorTemperature|Detector Temperature
        00187004 CS DetectorType|Detector Type
        00187005 CS DetectorConfiguration|Detector Configuration
        00187006 LT DetectorDescription|Detector Description
        00187008 LT DetectorMode|Detector Mode
        0018700A SH DetectorID|Detector ID
        0018700C DA DateOfLastDetectorCalibration|Date of Last Detector Calibration
        0018700E TM TimeOfLastDetectorCalibration|Time of Last Detector Calibration
        00187010 IS ExposuresOnDetectorSinceLastCalibration|Exposures on Detector Since Last Calibration
        00187011 IS ExposuresOnDetectorSinceManufactured|Exposures on Detector Since Manufactured
        00187012 DS DetectorTimeSinceLastExposure|Detector Time Since Last Exposure
        00187014 DS DetectorActiveTime|Detector Active Time
        00187016 DS DetectorActivationOffsetFromExposure|Detector Activation Offset From Exposure
        0018701A DS DetectorBinning|Detector Binning
        00187020 DS DetectorElementPhysicalSize|Detector Element Physical Size
        00187022 DS DetectorElementSpacing|Detector Element Spacing
        00187024 CS DetectorActiveShape|Detector Active Shape
        00187026 DS DetectorActiveDimensions|Detector Active Dimension(s)
        00187028 DS DetectorActiveOrigin|Detector Active Origin
        0018702A LO DetectorManufacturerName|Detector Manufacturer Name
        0018702B LO DetectorManufacturerModelName|Detector Manufacturer's Model Name
        00187030 DS FieldOfViewOrigin|Field of View Origin
        00187032 DS FieldOfViewRotation|Field of View Rotation
        00187034 CS FieldOfViewHorizontalFlip|Field of View Horizontal Flip
        00187036 FL PixelDataAreaOriginRelativeToFOV|Pixel Data Area Origin Relative To FOV
        00187038 FL PixelDataAreaRotationAngleRelativeToFOV|Pixel Data Area Rotation Angle Relative To FOV
        00187040 LT GridAbsorbingMaterial|Grid Absorbing Material
        00187041 LT GridSpacingMaterial|Grid Spacing Material
        00187042 DS GridThickness|Grid Thickness
        00187044 DS GridPitch|Grid Pitch
        00187046 IS GridAspectRatio|Grid Aspect Ratio
        00187048 DS GridPeriod|Grid Period
        0018704C DS GridFocalDistance|Grid Focal Distance
        00187050 CS FilterMaterial|Filter Material
        00187052 DS FilterThicknessMinimum|Filter Thickness Minimum
        00187054 DS FilterThicknessMaximum|Filter Thickness Maximum
        00187056 FL FilterBeamPathLengthMinimum|Filter Beam Path Length Minimum
        00187058 FL FilterBeamPathLengthMaximum|Filter Beam Path Length Maximum
        00187060 CS ExposureControlMode|Exposure Control Mode
        00187062 LT ExposureControlModeDescription|Exposure Control Mode Description
        00187064 CS ExposureStatus|Exposure Status
        00187065 DS PhototimerSetting|Phototimer Setting
        00188150 DS ExposureTimeInuS|Exposure Time in uS
        00188151 DS XRayTubeCurrentInuA|X-Ray Tube Current in uA
        00189004 CS ContentQualification|Content Qualification
        00189005 SH PulseSequenceName|Pulse Sequence Name
        00189006 SQ MRImagingModifierSequence|MR Imaging Modifier Sequence
        00189008 CS EchoPulseSequence|Echo Pulse Sequence
        00189009 CS InversionRecovery|Inversion Recovery
        00189010 CS FlowCompensation|Flow Compensation
        00189011 CS MultipleSpinEcho|Multiple Spin Echo
        00189012 CS MultiPlanarExcitation|Multi-planar Excitation
        00189014 CS PhaseContrast|Phase Contrast
        00189015 CS TimeOfFlightContrast|Time of Flight Contrast
        00189016 CS Spoiling|Spoiling
        00189017 CS SteadyStatePulseSequence|Steady State Pulse Sequence
        00189018 CS EchoPlanarPulseSequence|Echo Planar Pulse Sequence
        00189019 FD TagAngleFirstAxis|Tag Angle First Axis
        00189020 CS MagnetizationTransfer|Magnetization Transfer
        00189021 CS T2Preparation|T2 Preparation
        00189022 CS BloodSignalNulling|Blood Signal Nulling
        00189024 CS SaturationRecovery|Saturation Recovery
        00189025 CS SpectrallySelectedSuppression|Spectrally Selected Suppression
        00189026 CS SpectrallySelectedExcitation|Spectrally Selected Excitation
        00189027 CS SpatialPresaturation|Spatial Pre-saturation
        00189028 CS Tagging|Tagging
        00189029 CS OversamplingPhase|Oversampling Phase
        00189030 FD TagSpacingFirstDimension|Tag Spacing First Dimension
        00189032 CS GeometryOfKSpaceTraversal|Geometry of k-Space Traversal
        00189033 CS SegmentedKSpaceTraversal|Segmented k-Space Traversal
        00189034 CS RectilinearPhaseEncodeReordering|Rectilinear Phase Encode Reordering
        00189035 FD TagThickness|Tag Thickness
        00189036 CS PartialFourierDirection|Partial Fourier Direction
        00189037 CS CardiacSynchronizationTechnique|Cardiac Synchronization Technique
        00189041 LO ReceiveCoilManufacturerName|Receive Coil Manufacturer Name
        00189042 SQ MRReceiveCoilSequence|MR Receive Coil Sequence
        00189043 CS ReceiveCoilType|Receive Coil Type
        00189044 CS QuadratureReceiveCoil|Quadrature Receive Coil
        00189045 SQ MultiCoilDefinitionSequence|Multi-Coil Definition Sequence
        00189046 LO MultiCoilConfiguration|Multi-Coil Configuration
        00189047 SH MultiCoilElementName|Multi-Coil Element Name
        00189048 CS MultiCoilElementUsed|Multi-Coil Element Used
        00189049 SQ MRTransmitCoilSequence|MR Transmit Coil Sequence
        00189050 LO TransmitCoilManufacturerName|Transmit Coil Manufacturer Name
        00189051 CS TransmitCoilType|Transmit Coil Type
        00189052 FD SpectralWidth|Spectral Width
        00189053 FD ChemicalShiftReference|Chemical Shift Reference
        00189054 CS VolumeLocalizationTechnique|Volume Localization Technique
        00189058 US MRAcquisitionFrequencyEncodingSteps|MR Acquisition Frequency Encoding Steps
        00189059 CS Decoupling|De-coupling
        00189060 CS DecoupledNucleus|De-coupled Nucleus
        00189061 FD DecouplingFrequency|De-coupling Frequency
        00189062 CS DecouplingMethod|De-coupling Method
        00189063 FD DecouplingChemicalShiftReference|De-coupling Chemical Shift Reference
        00189064 CS KSpaceFiltering|k-space Filtering
        00189065 CS TimeDomainFiltering|Time Domain Filtering
        00189066 US NumberOfZeroFills|Number of Zero Fills
        00189067 CS BaselineCorrection|Baseline Correction
        00189069 FD ParallelReductionFactorInPlane|Parallel Reduction Factor In-plane
        00189070 FD CardiacRRIntervalSpecified|Cardiac R-R Interval Specified
        00189073 FD AcquisitionDuration|Acquisition Duration
        00189074 DT FrameAcquisitionDateTime|Frame Acquisition DateTime
        00189075 CS DiffusionDirectionality|Diffusion Directionality
        00189076 SQ DiffusionGradientDirectionSequence|Diffusion Gradient Direction Sequence
        00189077 CS ParallelAcquisition|Parallel Acquisition
        00189078 CS ParallelAcquisitionTechnique|Parallel Acquisition Technique
        00189079 FD InversionTimes|Inversion Times
        00189080 ST MetaboliteMapDescription|Metabolite Map Description
        00189081 CS PartialFourier|Partial Fourier
        00189082 FD EffectiveEchoTime|Effective Echo Time
        00189083 SQ MetaboliteMapCodeSequence|Metabolite Map Code Sequence
        00189084 SQ ChemicalShiftSequence|Chemical Shift Sequence
        00189085 CS CardiacSignalSource|Cardiac Signal Source
        00189087 FD DiffusionBValue|Diffusion b-value
        00189089 FD DiffusionGradientOrientation|Diffusion Gradient Orientation
        00189090 FD VelocityEncodingDirection|Velocity Encoding Direction
        00189091 FD VelocityEncodingMinimumValue|Velocity Encoding Minimum Value
        00189092 SQ VelocityEncodingAcquisitionSequence|Velocity Encoding Acquisition Sequence
        00189093 US NumberOfKSpaceTrajectories|Number of k-Space Trajectories
        00189094 CS CoverageOfKSpace|Coverage of k-Space
        00189095 UL SpectroscopyAcquisitionPhaseRows|Spectroscopy Acquisition Phase Rows
        00189096 FD ParallelReductionFactorInPlaneRetired|Parallel Reduction Factor In-plane (Retired)
        00189098 FD TransmitterFrequency|Transmitter Frequency
        00189100 CS ResonantNucleus|Resonant Nucleus
        00189101 CS FrequencyCorrection|Frequency Correction
        00189103 SQ MRSpectroscopyFOVGeometrySequence|MR Spectroscopy FOV/Geometry Sequence
        00189104 FD SlabThickness|Slab Thickness
        00189105 FD SlabOrientation|Slab Orientation
        00189106 FD MidSlabPosition|Mid Slab Position
        00189107 SQ MRSpatialSaturationSequence|MR Spatial Saturation Sequence
        00189112 SQ MRTimingAndRelatedParametersSequence|MR Timing and Related Parameters Sequence
        00189114 SQ MREchoSequence|MR Echo Sequence
        00189115 SQ MRModifierSequence|MR Modifier Sequence
        00189117 SQ MRDiffusionSequence|MR Diffusion Sequence
        00189118 SQ CardiacSynchronizationSequence|Cardiac Synchronization Sequence
        00189119 SQ MRAveragesSequence|MR Averages Sequence
        00189125 SQ MRFOVGeometrySequence|MR FOV/Geometry Sequence
        00189126 SQ VolumeLocalizationSequence|Volume Localization Sequence
        00189127 UL SpectroscopyAcquisitionDataColumns|Spectroscopy Acquisition Data Columns
        00189147 CS DiffusionAnisotropyType|Diffusion Anisotropy Type
        00189151 DT FrameReferenceDateTime|Frame Reference DateTime
        00189152 SQ MRMetaboliteMapSequence|MR Metabolite Map Sequence
        00189155 FD ParallelReductionFactorOutOfPlane|Parallel Reduction Factor out-of-plane
        00189159 UL SpectroscopyAcquisitionOutOfPlanePhaseSteps|Spectroscopy Acquisition Out-of-plane Phase Steps
        00189166 CS BulkMotionStatus|Bulk Motion Status
        00189168 FD ParallelReductionFactorSecondInPlane|Parallel Reduction Factor Second In-plane
        00189169 CS CardiacBeatRejectionTechnique|Cardiac Beat Rejection Technique
        00189170 CS RespiratoryMotionCompensationTechnique|Respiratory Motion Compensation Technique
        00189171 CS RespiratorySignalSource|Respiratory Signal Source
        00189172 CS BulkMotionCompensationTechnique|Bulk Motion Compensation Technique
        00189173 CS BulkMotionSignalSource|Bulk Motion Signal Source
        00189174 CS ApplicableSafetyStandardAgency|Applicable Safety Standard Agency
        00189175 LO ApplicableSafetyStandardDescription|Applicable Safety Standard Description
        00189176 SQ OperatingModeSequence|Operating Mode Sequence
        00189177 CS OperatingModeType|Operating Mode Type
        00189178 CS OperatingMode|Operating Mode
        00189179 CS SpecificAbsorptionRateDefinition|Specific Absorption Rate Definition
        00189180 CS GradientOutputType|Gradient Output Type
        00189181 FD SpecificAbsorptionRateValue|Specific Absorption Rate Value
        00189182 FD GradientOutput|Gradient Output
        00189183 CS FlowCompensationDirection|Flow Compensation Direction
        00189184 FD TaggingDelay|Tagging Delay
        00189185 ST RespiratoryMotionCompensationTechniqueDescription|Respiratory Motion Compensation Technique Description
        00189186 SH RespiratorySignalSourceID|Respiratory Signal Source ID
        00189195 FD ChemicalShiftMinimumIntegrationLimitInHz|Chemical Shift Minimum Integration Limit in Hz
        00189196 FD ChemicalShiftMaximumIntegrationLimitInHz|Chemical Shift Maximum Integration Limit in Hz
        00189197 SQ MRVelocityEncodingSequence|MR Velocity Encoding Sequence
        00189198 CS FirstOrderPhaseCorrection|First Order Phase Correction
        00189199 CS WaterReferencedPhaseCorrection|Water Referenced Phase Correction
        00189200 CS MRSpectroscopyAcquisitionType|MR Spectroscopy Acquisition Type
        00189214 CS RespiratoryCyclePosition|Respiratory Cycle Position
        00189217 FD VelocityEncodingMaximumValue|Velocity Encoding Maximum Value
        00189218 FD TagSpacingSecondDimension|Tag Spacing Second Dimension
        00189219 SS TagAngleSecondAxis|Tag Angle Second Axis
        00189220 FD FrameAcquisitionDuration|Frame Acquisition Duration
        00189226 SQ MRImageFrameTypeSequence|MR Image Frame Type Sequence
        00189227 SQ MRSpectroscopyFrameTypeSequence|MR Spectroscopy Frame Type Sequence
        00189231 US MRAcquisitionPhaseEncodingStepsInPlane|MR Acquisition Phase Encoding Steps in-plane
        00189232 US MRAcquisitionPhaseEncodingStepsOutOfPlane|MR Acquisition Phase Encoding Steps out-of-plane
        00189234 UL SpectroscopyAcquisitionPhaseColumns|Spectroscopy Acquisition Phase Columns
        00189236 CS CardiacCyclePosition|Cardiac Cycle Position
        00189239 SQ SpecificAbsorptionRateSequence|Specific Absorption Rate Sequence
        00189240 US RFEchoTrainLength|RF Echo Train Length
        00189241 US GradientEchoTrainLength|Gradient Echo Train Length
        00189250 CS ArterialSpinLabelingContrast|Arterial Spin Labeling Contrast
        00189251 SQ MRArterialSpinLabelingSequence|MR Arterial Spin Labeling Sequence
        00189252 LO ASLTechniqueDescription|ASL Technique Description
        00189253 US ASLSlabNumber|ASL Slab Number
        00189254 FD ASLSlabThickness|ASL Slab Thickness
        00189255 FD ASLSlabOrientation|ASL Slab Orientation
        00189256 FD ASLMidSlabPosition|ASL Mid Slab Position
        00189257 CS ASLContext|ASL Context
        00189258 UL ASLPulseTrainDuration|ASL Pulse Train Duration
        00189259 CS ASLCrusherFlag|ASL Crusher Flag
        0018925A FD ASLCrusherFlowLimit|ASL Crusher Flow Limit
        0018925B LO ASLCrusherDescription|ASL Crusher Description
        0018925C CS ASLBolusCutoffFlag|ASL Bolus Cut-off Flag
        0018925D SQ ASLBolusCutoffTimingSequence|ASL Bolus Cut-off Timing Sequence
        0018925E LO ASLBolusCutoffTechnique|ASL Bolus Cut-off Technique
        0018925F UL ASLBolusCutoffDelayTime|ASL Bolus Cut-off Delay Time
        00189260 SQ ASLSlabSequence|ASL Slab Sequence
        00189295 FD ChemicalShiftMinimumIntegrationLimitInppm|Chemical Shift Minimum Integration Limit in ppm
        00189296 FD ChemicalShiftMaximumIntegrationLimitInppm|Chemical Shift Maximum Integration Limit in ppm
        00189297 CS WaterReferenceAcquisition|Water Reference Acquisition
        00189298 IS EchoPeakPosition|Echo Peak Position
        00189301 SQ CTAcquisitionTypeSequence|CT Acquisition Type Sequence
        00189302 CS AcquisitionType|Acquisition Type
        00189303 FD TubeAngle|Tube Angle
        00189304 SQ CTAcquisitionDetailsSequence|CT Acquisition Details Sequence
        00189305 FD RevolutionTime|Revolution Time
        00189306 FD SingleCollimationWidth|Single Collimation Width
        00189307 FD TotalCollimationWidth|Total Collimation Width
        00189308 SQ CTTableDynamicsSequence|CT Table Dynamics Sequence
        00189309 FD TableSpeed|Table Speed
        00189310 FD TableFeedPerRotation|Table Feed per Rotation
        00189311 FD SpiralPitchFactor|Spiral Pitch Factor
        00189312 SQ CTGeometrySequence|CT Geometry Sequence
        00189313 FD DataCollectionCenterPatient|Data Collection Center (Patient)
        00189314 SQ CTReconstructionSequence|CT Reconstruction Sequence
        00189315 CS ReconstructionAlgorithm|Reconstruction Algorithm
        00189316 CS ConvolutionKernelGroup|Convolution Kernel Group
        00189317 FD ReconstructionFieldOfView|Reconstruction Field of View
        00189318 FD ReconstructionTargetCenterPatient|Reconstruction Target Center (Patient)
        00189319 FD ReconstructionAngle|Reconstruction Angle
        00189320 SH ImageFilter|Image Filter
        00189321 SQ CTExposureSequence|CT Exposure Sequence
        00189322 FD ReconstructionPixelSpacing|Reconstruction Pixel Spacing
        00189323 CS ExposureModulationType|Exposure Modulation Type
        00189324 FD EstimatedDoseSaving|Estimated Dose Saving
        00189325 SQ CTXRayDetailsSequence|CT X-Ray Details Sequence
        00189326 SQ CTPositionSequence|CT Position Sequence
        00189327 FD TablePosition|Table Position
        00189328 FD ExposureTimeInms|Exposure Time in ms
        00189329 SQ CTImageFrameTypeSequence|CT Image Frame Type Sequence
        00189330 FD XRayTubeCurrentInmA|X-Ray Tube Current in mA
        00189332 FD ExposureInmAs|Exposure in mAs
        00189333 CS ConstantVolumeFlag|Constant Volume Flag
        00189334 CS FluoroscopyFlag|Fluoroscopy Flag
        00189335 FD DistanceSourceToDataCollectionCenter|Distance Source to Data Collection Center
        00189337 US ContrastBolusAgentNumber|Contrast/Bolus Agent Number
        00189338 SQ ContrastBolusIngredientCodeSequence|Contrast/Bolus Ingredient Code Sequence
        00189340 SQ ContrastAdministrationProfileSequence|Contrast Administration Profile Sequence
        00189341 SQ ContrastBolusUsageSequence|Contrast/Bolus Usage Sequence
        00189342 CS ContrastBolusAgentAdministered|Contrast/Bolus Agent Administered
        00189343 CS ContrastBolusAgentDetected|Contrast/Bolus Agent Detected
        00189344 CS ContrastBolusAgentPhase|Contrast/Bolus Agent Phase
        00189345 FD CTDIvol|CTDIvol
        00189346 SQ CTDIPhantomTypeCodeSequence|CTDI Phantom Type Code Sequence
        00189351 FL CalciumScoringMassFactorPatient|Calcium Scoring Mass Factor Patient
        00189352 FL CalciumScoringMassFactorDevice|Calcium Scoring Mass Factor Device
        00189353 FL EnergyWeightingFactor|Energy Weighting Factor
        00189360 SQ CTAdditionalXRaySourceSequence|CT Additional X-Ray Source Sequence
        00189361 CS MultienergyCTAcquisition|Multi-energy CT Acquisition
        00189362 SQ MultienergyCTAcquisitionSequence|Multi-energy CT Acquisition Sequence
        00189363 SQ MultienergyCTProcessingSequence|Multi-energy CT Processing Sequence
        00189364 SQ MultienergyCTCharacteristicsSequence|Multi-energy CT Characteristics Sequence
        00189365 SQ MultienergyCTXRaySourceSequence|Multi-energy CT X-Ray Source Sequence
        00189366 US XRaySourceIndex|X-Ray Source Index
        00189367 UC XRaySourceID|X-Ray Source ID
        00189368 CS MultienergySourceTechnique|Multi-energy Source Technique
        00189369 DT SourceStartDateTime|Source Start DateTime
        0018936A DT SourceEndDateTime|Source End DateTime
        0018936B US SwitchingPhaseNumber|Switching Phase Number
        0018936C DS SwitchingPhaseNominalDuration|Switching Phase Nominal Duration
        0018936D DS SwitchingPhaseTransitionDuration|Switching Phase Transition Duration
        0018936E DS EffectiveBinEnergy|Effective Bin Energy
        0018936F SQ MultienergyCTXRayDetectorSequence|Multi-energy CT X-Ray Detector Sequence
        00189370 US XRayDetectorIndex|X-Ray Detector Index
        00189371 UC XRayDetectorID|X-Ray Detector ID
        00189372 CS MultienergyDetectorType|Multi-energy Detector Type
        00189373 ST XRayDetectorLabel|X-Ray Detector Label
        00189374 DS NominalMaxEnergy|Nominal Max Energy
        00189375 DS NominalMinEnergy|Nominal Min Energy
        00189376 US ReferencedXRayDetectorIndex|Referenced X-Ray Detector Index
        00189377 US ReferencedXRaySourceIndex|Referenced X-Ray Source Index
        00189378 US ReferencedPathIndex|Referenced Path Index
        00189379 SQ MultienergyCTPathSequence|Multi-energy CT Path Sequence
        0018937A US MultienergyCTPathIndex|Multi-energy CT Path Index
        0018937B UT MultienergyAcquisitionDescription|Multi-energy Acquisition Description
        0018937C FD MonoenergeticEnergyEquivalent|Monoenergetic Energy Equivalent
        0018937D SQ MaterialCodeSequence|Material Code Sequence
        0018937E CS DecompositionMethod|Decomposition Method
        0018937F UT DecompositionDescription|Decomposition Description
        00189380 SQ DecompositionAlgorithmIdentificationSequence|Decomposition Algorithm Identification Sequence
        00189381 SQ DecompositionMaterialSequence|Decomposition Material Sequence
        00189382 SQ MaterialAttenuationSequence|Material Attenuation Sequence
        00189383 DS PhotonEnergy|Photon Energy
        00189384 DS XRayMassAttenuationCoefficient|X-Ray Mass Attenuation Coefficient
        00189401 SQ ProjectionPixelCalibrationSequence|Projection Pixel Calibration Sequence
        00189402 FL DistanceSourceToIsocenter|Distance Source to Isocenter
        00189403 FL DistanceObjectToTableTop|Distance Object to Table Top
        00189404 FL ObjectPixelSpacingInCenterOfBeam|Object Pixel Spacing in Center of Beam
        00189405 SQ PositionerPositionSequence|Positioner Position Sequence
        00189406 SQ TablePositionSequence|Table Position Sequence
        00189407 SQ CollimatorShapeSequence|Collimator Shape Sequence
        00189410 CS PlanesInAcquisition|Planes in Acquisition
        00189412 SQ XAXRFFrameCharacteristicsSequence|XA/XRF Frame Characteristics Sequence
        00189417 SQ FrameAcquisitionSequence|Frame Acquisition Sequence
        00189420 CS XRayReceptorType|X-Ray Receptor Type
        00189423 LO AcquisitionProtocolName|Acquisition Protocol Name
        00189424 LT AcquisitionProtocolDescription|Acquisition Protocol Description
        00189425 CS ContrastBolusIngredientOpaque|Contrast/Bolus Ingredient Opaque
        00189426 FL DistanceReceptorPlaneToDetectorHousing|Distance Receptor Plane to Detector Housing
        00189427 CS IntensifierActiveShape|Intensifier Active Shape
        00189428 FL IntensifierActiveDimensions|Intensifier Active Dimension(s)
        00189429 FL PhysicalDetectorSize|Physical Detector Size
        00189430 FL PositionOfIsocenterProjection|Position of Isocenter Projection
        00189432 SQ FieldOfViewSequence|Field of View Sequence
        00189433 LO FieldOfViewDescription|Field of View Description
        00189434 SQ ExposureControlSensingRegionsSequence|Exposure Control Sensing Regions Sequence
        00189435 CS ExposureControlSensingRegionShape|Exposure Control Sensing Region Shape
        00189436 SS ExposureControlSensingRegionLeftVerticalEdge|Exposure Control Sensing Region Left Vertical Edge
        00189437 SS ExposureControlSensingRegionRightVerticalEdge|Exposure Control Sensing Region Right Vertical Edge
        00189438 SS ExposureControlSensingRegionUpperHorizontalEdge|Exposure Control Sensing Region Upper Horizontal Edge
        00189439 SS ExposureControlSensingRegionLowerHorizontalEdge|Exposure Control Sensing Region Lower Horizontal Edge
        00189440 SS CenterOfCircularExposureControlSensingRegion|Center of Circular Exposure Control Sensing Region
        00189441 US RadiusOfCircularExposureControlSensingRegion|Radius of Circular Exposure Control Sensing Region
        00189442 SS VerticesOfThePolygonalExposureControlSensingRegion|Vertices of the Polygonal Exposure Control Sensing Region
        00189445 OB |
        00189447 FL ColumnAngulationPatient|Column Angulation (Patient)
        00189449 FL BeamAngle|Beam Angle
        00189451 SQ FrameDetectorParametersSequence|Frame Detector Parameters Sequence
        00189452 FL CalculatedAnatomyThickness|Calculated Anatomy Thickness
        00189455 SQ CalibrationSequence|Calibration Sequence
        00189456 SQ ObjectThicknessSequence|Object Thickness Sequence
        00189457 CS PlaneIdentification|Plane Identification
        00189461 FL FieldOfViewDimensionsInFloat|Field of View Dimension(s) in Float
        00189462 SQ IsocenterReferenceSystemSequence|Isocenter Reference System Sequence
        00189463 FL PositionerIsocenterPrimaryAngle|Positioner Isocenter Primary Angle
        00189464 FL PositionerIsocenterSecondaryAngle|Positioner Isocenter Secondary Angle
        00189465 FL PositionerIsocenterDetectorRotationAngle|Positioner Isocenter Detector Rotation Angle
        00189466 FL TableXPositionToIsocenter|Table X Position to Isocenter
        00189467 FL TableYPositionToIsocenter|Table Y Position to Isocenter
        00189468 FL TableZPositionToIsocenter|Table Z Position to Isocenter
        00189469 FL TableHorizontalRotationAngle|Table Horizontal Rotation Angle
        00189470 FL TableHeadTiltAngle|Table Head Tilt Angle
        00189471 FL TableCradleTiltAngle|Table Cradle Tilt Angle
        00189472 SQ FrameDisplayShutterSequence|Frame Display Shutter Sequence
        00189473 FL AcquiredImageAreaDoseProduct|Acquired Image Area Dose Product
        00189474 CS CArmPositionerTabletopRelationship|C-arm Positioner Tabletop Relationship
        00189476 SQ XRayGeometrySequence|X-Ray Geometry Sequence
        00189477 SQ IrradiationEventIdentificationSequence|Irradiation Event Identification Sequence
        00189504 SQ XRay3DFrameTypeSequence|X-Ray 3D Frame Type Sequence
        00189506 SQ ContributingSourcesSequence|Contributing Sources Sequence
        00189507 SQ XRay3DAcquisitionSequence|X-Ray 3D Acquisition Sequence
        00189508 FL PrimaryPositionerScanArc|Primary Positioner Scan Arc
        00189509 FL SecondaryPositionerScanArc|Secondary Positioner Scan Arc
        00189510 FL PrimaryPositionerScanStartAngle|Primary Positioner Scan Start Angle
        00189511 FL SecondaryPositionerScanStartAngle|Secondary Positioner Scan Start Angle
        00189514 FL PrimaryPositionerIncrement|Primary Positioner Increment
        00189515 FL SecondaryPositionerIncrement|Secondary Positioner Increment
        00189516 DT StartAcquisitionDateTime|Start Acquisition DateTime
        00189517 DT EndAcquisitionDateTime|End Acquisition DateTime
        00189518 SS PrimaryPositionerIncrementSign|Primary Positioner Increment Sign
        00189519 SS SecondaryPositionerIncrementSign|Secondary Positioner Increment Sign
        00189524 LO ApplicationName|Application Name
        00189525 LO ApplicationVersion|Application Version
        00189526 LO ApplicationManufacturer|Application Manufacturer
        00189527 CS AlgorithmType|Algorithm Type
        00189528 LO AlgorithmDescription|Algorithm Description
        00189530 SQ XRay3DReconstructionSequence|X-Ray 3D Reconstruction Sequence
        00189531 LO ReconstructionDescription|Reconstruction Description
        00189538 SQ PerProjectionAcquisitionSequence|Per Projection Acquisition Sequence
        00189541 SQ DetectorPositionSequence|Detector Position Sequence
        00189542 SQ XRayAcquisitionDoseSequence|X-Ray Acquisition Dose Sequence
        00189543 FD XRaySourceIsocenterPrimaryAngle|X-Ray Source Isocenter Primary Angle
        00189544 FD XRaySourceIsocenterSecondaryAngle|X-Ray Source Isocenter Secondary Angle
        00189545 FD BreastSupportIsocenterPrimaryAngle|Breast Support Isocenter Primary Angle
        00189546 FD BreastSupportIsocenterSecondaryAngle|Breast Support Isocenter Secondary Angle
        00189547 FD BreastSupportXPositionToIsocenter|Breast Support X Position to Isocenter
        00189548 FD BreastSupportYPositionToIsocenter|Breast Support Y Position to Isocenter
        00189549 FD BreastSupportZPositionToIsocenter|Breast Support Z Position to Isocenter
        00189550 FD DetectorIsocenterPrimaryAngle|Detector Isocenter Primary Angle
        00189551 FD DetectorIsocenterSecondaryAngle|Detector Isocenter Secondary Angle
        00189552 FD DetectorXPositionToIsocenter|Detector X Position to Isocenter
        00189553 FD DetectorYPositionToIsocenter|Detector Y Position to Isocenter
        00189554 FD DetectorZPositionToIsocenter|Detector Z Position to Isocenter
        00189555 SQ XRayGridSequence|X-Ray Grid Sequence
        00189556 SQ XRayFilterSequence|X-Ray Filter Sequence
        00189557 FD DetectorActiveAreaTLHCPosition|Detector Active Area TLHC Position
        00189558 FD DetectorActiveAreaOrientation|Detector Active Area Orientation
        00189559 CS PositionerPrimaryAngleDirection|Positioner Primary Angle Direction
        00189601 SQ DiffusionBMatrixSequence|Diffusion b-matrix Sequence
        00189602 FD DiffusionBValueXX|Diffusion b-value XX
        00189603 FD DiffusionBValueXY|Diffusion b-value XY
        00189604 FD DiffusionBValueXZ|Diffusion b-value XZ
        00189605 FD DiffusionBValueYY|Diffusion b-value YY
        00189606 FD DiffusionBValueYZ|Diffusion b-value YZ
        00189607 FD DiffusionBValueZZ|Diffusion b-value ZZ
        00189621 SQ FunctionalMRSequence|Functional MR Sequence
        00189622 CS FunctionalSettlingPhaseFramesPresent|Functional Settling Phase Frames Present
        00189623 DT FunctionalSyncPulse|Functional Sync Pulse
        00189624 CS SettlingPhaseFrame|Settling Phase Frame
        00189701 DT DecayCorrectionDateTime|Decay Correction DateTime
        00189715 FD StartDensityThreshold|Start Density Threshold
        00189716 FD StartRelativeDensityDifferenceThreshold|Start Relative Density Difference Threshold
        00189717 FD StartCardiacTriggerCountThreshold|Start Cardiac Trigger Count Threshold
        00189718 FD StartRespiratoryTriggerCountThreshold|Start Respiratory Trigger Count Threshold
        00189719 FD TerminationCountsThreshold|Termination Counts Threshold
        00189720 FD TerminationDensityThreshold|Termination Density Threshold
        00189721 FD TerminationRelativeDensityThreshold|Termination Relative Density Threshold
        00189722 FD TerminationTimeThreshold|Termination Time Threshold
        00189723 FD TerminationCardiacTriggerCountThreshold|Termination Cardiac Trigger Count Threshold
        00189724 FD TerminationRespiratoryTriggerCountThreshold|Termination Respiratory Trigger Count Threshold
        00189725 CS DetectorGeometry|Detector Geometry
        00189726 FD TransverseDetectorSeparation|Transverse Detector Separation
        00189727 FD AxialDetectorDimension|Axial Detector Dimension
        00189729 US RadiopharmaceuticalAgentNumber|Radiopharmaceutical Agent Number
        00189732 SQ PETFrameAcquisitionSequence|PET Frame Acquisition Sequence
        00189733 SQ PETDetectorMotionDetailsSequence|PET Detector Motion Details Sequence
        00189734 SQ PETTableDynamicsSequence|PET Table Dynamics Sequence
        00189735 SQ PETPositionSequence|PET Position Sequence
        00189736 SQ PETFrameCorrectionFactorsSequence|PET Frame Correction Factors Sequence
        00189737 SQ RadiopharmaceuticalUsageSequence|Radiopharmaceutical Usage Sequence
        00189738 CS AttenuationCorrectionSource|Attenuation Correction Source
        00189739 US NumberOfIterations|Number of Iterations
        00189740 US NumberOfSubsets|Number of Subsets
        00189749 SQ PETReconstructionSequence|PET Reconstruction Sequence
        00189751 SQ PETFrameTypeSequence|PET Frame Type Sequence
        00189755 CS TimeOfFlightInformationUsed|Time of Flight Information Used
        00189756 CS ReconstructionType|Reconstruction Type
        00189758 CS DecayCorrected|Decay Corrected
        00189759 CS AttenuationCorrected|Attenuation Corrected
        00189760 CS ScatterCorrected|Scatter Corrected
        00189761 CS DeadTimeCorrected|Dead Time Corrected
        00189762 CS GantryMotionCorrected|Gantry Motion Corrected
        00189763 CS PatientMotionCorrected|Patient Motion Corrected
        00189764 CS CountLossNormalizationCorrected|Count Loss Normalization Corrected
        00189765 CS RandomsCorrected|Randoms Corrected
        00189766 CS NonUniformRadialSamplingCorrected|Non-uniform Radial Sampling Corrected
        00189767 CS SensitivityCalibrated|Sensitivity Calibrated
        00189768 CS DetectorNormalizationCorrection|Detector Normalization Correction
        00189769 CS IterativeReconstructionMethod|Iterative Reconstruction Method
        00189770 CS AttenuationCorrectionTemporalRelationship|Attenuation Correction Temporal Relationship
        00189771 SQ PatientPhysiologicalStateSequence|Patient Physiological State Sequence
        00189772 SQ PatientPhysiologicalStateCodeSequence|Patient Physiological State Code Sequence
        00189801 FD DepthsOfFocus|Depth(s) of Focus
        00189803 SQ ExcludedIntervalsSequence|Excluded Intervals Sequence
        00189804 DT ExclusionStartDateTime|Exclusion Start DateTime
        00189805 FD ExclusionDuration|Exclusion Duration
        00189806 SQ USImageDescriptionSequence|US Image Description Sequence
        00189807 SQ ImageDataTypeSequence|Image Data Type Sequence
        00189808 CS DataType|Data Type
        00189809 SQ TransducerScanPatternCodeSequence|Transducer Scan Pattern Code Sequence
        0018980B CS AliasedDataType|Aliased Data Type
        0018980C CS PositionMeasuringDeviceUsed|Position Measuring Device Used
        0018980D SQ TransducerGeometryCodeSequence|Transducer Geometry Code Sequence
        0018980E SQ TransducerBeamSteeringCodeSequence|Transducer Beam Steering Code Sequence
        0018980F SQ TransducerApplicationCodeSequence|Transducer Application Code Sequence
        00189810 US ZeroVelocityPixelValue|Zero Velocity Pixel Value
        00189821 SQ PhotoacousticExcitationCharacteristicsSequence|Photoacoustic Excitation Characteristics Sequence
        00189822 FD ExcitationSpectralWidth|Excitation Spectral Width
        00189823 FD ExcitationEnergy|Excitation Energy
        00189824 FD ExcitationPulseDuration|Excitation Pulse Duration
        00189825 SQ ExcitationWavelengthSequence|Excitation Wavelength Sequence
        00189826 FD ExcitationWavelength|Excitation Wavelength
        00189828 CS IlluminationTranslationFlag|Illumination Translation Flag
        00189829 CS AcousticCouplingMediumFlag|Acoustic Coupling Medium Flag
        0018982A SQ AcousticCouplingMediumCodeSequence|Acoustic Coupling Medium Code Sequence
        0018982B FD AcousticCouplingMediumTemperature|Acoustic Coupling Medium Temperature
        0018982C SQ TransducerResponseSequence|Transducer Response Sequence
        0018982D FD CenterFrequency|Center Frequency
        0018982E FD FractionalBandwidth|Fractional Bandwidth
        0018982F FD LowerCutoffFrequency|Lower Cutoff Frequency
        00189830 FD UpperCutoffFrequency|Upper Cutoff Frequency
        00189831 SQ TransducerTechnologySequence|Transducer Technology Sequence
        00189832 SQ SoundSpeedCorrectionMechanismCodeSequence|Sound Speed Correction Mechanism Code Sequence
        00189833 FD ObjectSoundSpeed|Object Sound Speed
        00189834 FD AcousticCouplingMediumSoundSpeed|Acoustic Coupling Medium Sound Speed
        00189835 SQ PhotoacousticImageFrameTypeSequence|Photoacoustic Image Frame Type Sequence
        00189836 SQ ImageDataTypeCodeSequence|Image Data Type Code Sequence
        00189900 LO ReferenceLocationLabel|Reference Location Label
        00189901 UT ReferenceLocationDescription|Reference Location Description
        00189902 SQ ReferenceBasisCodeSequence|Reference Basis Code Sequence
        00189903 SQ ReferenceGeometryCodeSequence|Reference Geometry Code Sequence
        00189904 DS OffsetDistance|Offset Distance
        00189905 CS OffsetDirection|Offset Direction
        00189906 SQ PotentialScheduledProtocolCodeSequence|Potential Scheduled Protocol Code Sequence
        00189907 SQ PotentialRequestedProcedureCodeSequence|Potential Requested Procedure Code Sequence
        00189908 UC PotentialReasonsForProcedure|Potential Reasons for Procedure
        00189909 SQ PotentialReasonsForProcedureCodeSequence|Potential Reasons for Procedure Code Sequence
        0018990A UC PotentialDiagnosticTasks|Potential Diagnostic Tasks
        0018990B SQ ContraindicationsCodeSequence|Contraindications Code Sequence
        0018990C SQ ReferencedDefinedProtocolSequence|Referenced Defined Protocol Sequence
        0018990D SQ ReferencedPerformedProtocolSequence|Referenced Performed Protocol Sequence
        0018990E SQ PredecessorProtocolSequence|Predecessor Protocol Sequence
        0018990F UT ProtocolPlanningInformation|Protocol Planning Information
        00189910 UT ProtocolDesignRationale|Protocol Design Rationale
        00189911 SQ PatientSpecificationSequence|Patient Specification Sequence
        00189912 SQ ModelSpecificationSequence|Model Specification Sequence
        00189913 SQ ParametersSpecificationSequence|Parameters Specification Sequence
        00189914 SQ InstructionSequence|Instruction Sequence
        00189915 US InstructionIndex|Instruction Index
        00189916 LO InstructionText|Instruction Text
        00189917 UT InstructionDescription|Instruction Description
        00189918 CS InstructionPerformedFlag|Instruction Performed Flag
        00189919 DT InstructionPerformedDateTime|Instruction Performed DateTime
        0018991A UT InstructionPerformanceComment|Instruction Performance Comment
        0018991B SQ PatientPositioningInstructionSequence|Patient Positioning Instruction Sequence
        0018991C SQ PositioningMethodCodeSequence|Positioning Method Code Sequence
        0018991D SQ PositioningLandmarkSequence|Positioning Landmark Sequence
        0018991E UI TargetFrameOfReferenceUID|Target Frame of Reference UID
        0018991F SQ AcquisitionProtocolElementSpecificationSequence|Acquisition Protocol Element Specification Sequence
        00189920 SQ AcquisitionProtocolElementSequence|Acquisition Protocol Element Sequence
        00189921 US ProtocolElementNumber|Protocol Element Number
        00189922 LO ProtocolElementName|Protocol Element Name
        00189923 UT ProtocolElementCharacteristicsSummary|Protocol Element Characteristics Summary
        00189924 UT ProtocolElementPurpose|Protocol Element Purpose
        00189930 CS AcquisitionMotion|Acquisition Motion
        00189931 SQ AcquisitionStartLocationSequence|Acquisition Start Location Sequence
        00189932 SQ AcquisitionEndLocationSequence|Acquisition End Location Sequence
        00189933 SQ ReconstructionProtocolElementSpecificationSequence|Reconstruction Protocol Element Specification Sequence
        00189934 SQ ReconstructionProtocolElementSequence|Reconstruction Protocol Element Sequence
        00189935 SQ StorageProtocolElementSpecificationSequence|Storage Protocol Element Specification Sequence
        00189936 SQ StorageProtocolElementSequence|Storage Protocol Element Sequence
        00189937 LO RequestedSeriesDescription|Requested Series Description
        00189938 US SourceAcquisitionProtocolElementNumber|Source Acquisition Protocol Element Number
        00189939 US SourceAcquisitionBeamNumber|Source Acquisition Beam Number
        0018993A US SourceReconstructionProtocolElementNumber|Source Reconstruction Protocol Element Number
        0018993B SQ ReconstructionStartLocationSequence|Reconstruction Start Location Sequence
        0018993C SQ ReconstructionEndLocationSequence|Reconstruction End Location Sequence
        0018993D SQ ReconstructionAlgorithmSequence|Reconstruction Algorithm Sequence
        0018993E SQ ReconstructionTargetCenterLocationSequence|Reconstruction Target Center Location Sequence
        00189941 UT ImageFilterDescription|Image Filter Description
        00189942 FD CTDIvolNotificationTrigger|CTDIvol Notification Trigger
        00189943 FD DLPNotificationTrigger|DLP Notification Trigger
        00189944 CS AutoKVPSelectionType|Auto KVP Selection Type
        00189945 FD AutoKVPUpperBound|Auto KVP Upper Bound
        00189946 FD AutoKVPLowerBound|Auto KVP Lower Bound
        00189947 CS ProtocolDefinedPatientPosition|Protocol Defined Patient Position
        0018A001 SQ ContributingEquipmentSequence|Contributing Equipment Sequence
        0018A002 DT ContributionDateTime|Contribution DateTime
        0018A003 ST ContributionDescription|Contribution Description
        0020000D UI StudyInstanceUID|Study Instance UID
        0020000E UI SeriesInstanceUID|Series Instance UID
        00200010 SH StudyID|Study ID
        00200011 IS SeriesNumber|Series Number
        00200012 IS AcquisitionNumber|Acquisition Number
        00200013 IS InstanceNumber|Instance Number
        00200014 IS IsotopeNumber|Isotope Number
        00200015 IS PhaseNumber|Phase Number
        00200016 IS IntervalNumber|Interval Number
        00200017 IS TimeSlotNumber|Time Slot Number
        00200018 IS AngleNumber|Angle Number
        00200019 IS ItemNumber|Item Number
        00200020 CS PatientOrientation|Patient Orientation
        00200022 IS OverlayNumber|Overlay Number
        00200024 IS CurveNumber|Curve Number
        00200026 IS LUTNumber|LUT Number
        00200027 LO PyramidLabel|Pyramid Label
        00200030 DS ImagePosition|Image Position
        00200032 DS ImagePositionPatient|Image Position (Patient)
        00200035 DS ImageOrientation|Image Orientation
        00200037 DS ImageOrientationPatient|Image Orientation (Patient)
        00200050 DS Location|Location
        00200052 UI FrameOfReferenceUID|Frame of Reference UID
        00200060 CS Laterality|Laterality
        00200062 CS ImageLaterality|Image Laterality
        00200070 LO ImageGeometryType|Image Geometry Type
        00200080 CS MaskingImage|Masking Image
        002000AA IS ReportNumber|Report Number
        00200100 IS TemporalPositionIdentifier|Temporal Position Identifier
        00200105 IS NumberOfTemporalPositions|Number of Temporal Positions
        00200110 DS TemporalResolution|Temporal Resolution
        00200200 UI SynchronizationFrameOfReferenceUID|Synchronization Frame of Reference UID
        00200242 UI SOPInstanceUIDOfConcatenationSource|SOP Instance UID of Concatenation Source
        00201000 IS SeriesInStudy|Series in Study
        00201001 IS AcquisitionsInSeries|Acquisitions in Series
        00201002 IS ImagesInAcquisition|Images in Acquisition
        00201003 IS ImagesInSeries|Images in Series
        00201004 IS AcquisitionsInStudy|Acquisitions in Study
        00201005 IS ImagesInStudy|Images in Study
        00201020 LO Reference|Reference
        0020103F LO TargetPositionReferenceIndicator|Target Position Reference Indicator
        00201040 LO PositionReferenceIndicator|Position Reference Indicator
        00201041 DS SliceLocation|Slice Location
        00201070 IS OtherStudyNumbers|Other Study Numbers
        00201200 IS NumberOfPatientRelatedStudies|Number of Patient Related Studies
        00201202 IS NumberOfPatientRelatedSeries|Number of Patient Related Series
        00201204 IS NumberOfPatientRelatedInstances|Number of Patient Related Instances
        00201206 IS NumberOfStudyRelatedSeries|Number of Study Related Series
        00201208 IS NumberOfStudyRelatedInstances|Number of Study Related Instances
        00201209 IS NumberOfSeriesRelatedInstances|Number of Series Related Instances
        00203401 CS ModifyingDeviceID|Modifying Device ID
        00203402 CS ModifiedImageID|Modified Image ID
        00203403 DA ModifiedImageDate|Modified Image Date
        00203404 LO ModifyingDeviceManufacturer|Modifying Device Manufacturer
        00203405 TM ModifiedImageTime|Modified Image Time
        00203406 LO ModifiedImageDescription|Modified Image Description
        00204000 LT ImageComments|Image Comments
        00205000 AT OriginalImageIdentification|Original Image Identification
        00205002 LO OriginalImageIdentificationNomenclature|Original Image Identification Nomenclature
        00209056 SH StackID|Stack ID
        00209057 UL InStackPositionNumber|In-Stack Position Number
        00209071 SQ FrameAnatomySequence|Frame Anatomy Sequence
        00209072 CS FrameLaterality|Frame Laterality
        00209111 SQ FrameContentSequence|Frame Content Sequence
        00209113 SQ PlanePositionSequence|Plane Position Sequence
        00209116 SQ PlaneOrientationSequence|Plane Orientation Sequence
        00209128 UL TemporalPositionIndex|Temporal Position Index
        00209153 FD NominalCardiacTriggerDelayTime|Nominal Cardiac Trigger Delay Time
        00209154 FL NominalCardiacTriggerTimePriorToRPeak|Nominal Cardiac Trigger Time Prior To R-Peak
        00209155 FL ActualCardiacTriggerTimePriorToRPeak|Actual Cardiac Trigger Time Prior To R-Peak
        00209156 US FrameAcquisitionNumber|Frame Acquisition Number
        00209157 UL DimensionIndexValues|Dimension Index Values
        00209158 LT FrameComments|Frame Comments
        00209161 UI ConcatenationUID|Concatenation UID
        00209162 US InConcatenationNumber|In-concatenation Number
        00209163 US InConcatenationTotalNumber|In-concatenation Total Number
        00209164 UI DimensionOrganizationUID|Dimension Organization UID
        00209165 AT DimensionIndexPointer|Dimension Index Pointer
        00209167 AT FunctionalGroupPointer|Functional Group Pointer
        00209170 SQ UnassignedSharedConvertedAttributesSequence|Unassigned Shared Converted Attributes Sequence
        00209171 SQ UnassignedPerFrameConvertedAttributesSequence|Unassigned Per-Frame Converted Attributes Sequence
        00209172 SQ ConversionSourceAttributesSequence|Conversion Source Attributes Sequence
        00209213 LO DimensionIndexPrivateCreator|Dimension Index Private Creator
        00209221 SQ DimensionOrganizationSequence|Dimension Organization Sequence
        00209222 SQ DimensionIndexSequence|Dimension Index Sequence
        00209228 UL ConcatenationFrameOffsetNumber|Concatenation Frame Offset Number
        00209238 LO FunctionalGroupPrivateCreator|Functional Group Private Creator
        00209241 FL NominalPercentageOfCardiacPhase|Nominal Percentage of Cardiac Phase
        00209245 FL NominalPercentageOfRespiratoryPhase|Nominal Percentage of Respiratory Phase
        00209246 FL StartingRespiratoryAmplitude|Starting Respiratory Amplitude
        00209247 CS StartingRespiratoryPhase|Starting Respiratory Phase
        00209248 FL EndingRespiratoryAmplitude|Ending Respiratory Amplitude
        00209249 CS EndingRespiratoryPhase|Ending Respiratory Phase
        00209250 CS RespiratoryTriggerType|Respiratory Trigger Type
        00209251 FD RRIntervalTimeNominal|R-R Interval Time Nominal
        00209252 FD ActualCardiacTriggerDelayTime|Actual Cardiac Trigger Delay Time
        00209253 SQ RespiratorySynchronizationSequence|Respiratory Synchronization Sequence
        00209254 FD RespiratoryIntervalTime|Respiratory Interval Time
        00209255 FD NominalRespiratoryTriggerDelayTime|Nominal Respiratory Trigger Delay Time
        00209256 FD RespiratoryTriggerDelayThreshold|Respiratory Trigger Delay Threshold
        00209257 FD ActualRespiratoryTriggerDelayTime|Actual Respiratory Trigger Delay Time
        00209301 FD ImagePositionVolume|Image Position (Volume)
        00209302 FD ImageOrientationVolume|Image Orientation (Volume)
        00209307 CS UltrasoundAcquisitionGeometry|Ultrasound Acquisition Geometry
        00209308 FD ApexPosition|Apex Position
        00209309 FD VolumeToTransducerMappingMatrix|Volume to Transducer Mapping Matrix
        0020930A FD VolumeToTableMappingMatrix|Volume to Table Mapping Matrix
        0020930B CS VolumeToTransducerRelationship|Volume to Transducer Relationship
        0020930C CS PatientFrameOfReferenceSource|Patient Frame of Reference Source
        0020930D FD TemporalPositionTimeOffset|Temporal Position Time Offset
        0020930E SQ PlanePositionVolumeSequence|Plane Position (Volume) Sequence
        0020930F SQ PlaneOrientationVolumeSequence|Plane Orientation (Volume) Sequence
        00209310 SQ TemporalPositionSequence|Temporal Position Sequence
        00209311 CS DimensionOrganizationType|Dimension Organization Type
        00209312 UI VolumeFrameOfReferenceUID|Volume Frame of Reference UID
        00209313 UI TableFrameOfReferenceUID|Table Frame of Reference UID
        00209421 LO DimensionDescriptionLabel|Dimension Description Label
        00209450 SQ PatientOrientationInFrameSequence|Patient Orientation in Frame Sequence
        00209453 LO FrameLabel|Frame Label
        00209518 US AcquisitionIndex|Acquisition Index
        00209529 SQ ContributingSOPInstancesReferenceSequence|Contributing SOP Instances Reference Sequence
        00209536 US ReconstructionIndex|Reconstruction Index
        00220001 US LightPathFilterPassThroughWavelength|Light Path Filter Pass-Through Wavelength
        00220002 US LightPathFilterPassBand|Light Path Filter Pass Band
        00220003 US ImagePathFilterPassThroughWavelength|Image Path Filter Pass-Through Wavelength
        00220004 US ImagePathFilterPassBand|Image Path Filter Pass Band
        00220005 CS PatientEyeMovementCommanded|Patient Eye Movement Commanded
        00220006 SQ PatientEyeMovementCommandCodeSequence|Patient Eye Movement Command Code Sequence
        00220007 FL SphericalLensPower|Spherical Lens Power
        00220008 FL CylinderLensPower|Cylinder Lens Power
        00220009 FL CylinderAxis|Cylinder Axis
        0022000A FL EmmetropicMagnification|Emmetropic Magnification
        0022000B FL IntraOcularPressure|Intra Ocular Pressure
        0022000C FL HorizontalFieldOfView|Horizontal Field of View
        0022000D CS PupilDilated|Pupil Dilated
        0022000E FL DegreeOfDilation|Degree of Dilation
        0022000F FD VertexDistance|Vertex Distance
        00220010 FL StereoBaselineAngle|Stereo Baseline Angle
        00220011 FL StereoBaselineDisplacement|Stereo Baseline Displacement
        00220012 FL StereoHorizontalPixelOffset|Stereo Horizontal Pixel Offset
        00220013 FL StereoVerticalPixelOffset|Stereo Vertical Pixel Offset
        00220014 FL StereoRotation|Stereo Rotation
        00220015 SQ AcquisitionDeviceTypeCodeSequence|Acquisition Device Type Code Sequence
        00220016 SQ IlluminationTypeCodeSequence|Illumination Type Code Sequence
        00220017 SQ LightPathFilterTypeStackCodeSequence|Light Path Filter Type Stack Code Sequence
        00220018 SQ ImagePathFilterTypeStackCodeSequence|Image Path Filter Type Stack Code Sequence
        00220019 SQ LensesCodeSequence|Lenses Code Sequence
        0022001A SQ ChannelDescriptionCodeSequence|Channel Description Code Sequence
        0022001B SQ RefractiveStateSequence|Refractive State Sequence
        0022001C SQ MydriaticAgentCodeSequence|Mydriatic Agent Code Sequence
        0022001D SQ RelativeImagePositionCodeSequence|Relative Image Position Code Sequence
        0022001E FL CameraAngleOfView|Camera Angle of View
        00220020 SQ StereoPairsSequence|Stereo Pairs Sequence
        00220021 SQ LeftImageSequence|Left Image Sequence
        00220022 SQ RightImageSequence|Right Image Sequence
        00220028 CS StereoPairsPresent|Stereo Pairs Present
        00220030 FL AxialLengthOfTheEye|Axial Length of the Eye
        00220031 SQ OphthalmicFrameLocationSequence|Ophthalmic Frame Location Sequence
        00220032 FL ReferenceCoordinates|Reference Coordinates
        00220035 FL DepthSpatialResolution|Depth Spatial Resolution
        00220036 FL MaximumDepthDistortion|Maximum Depth Distortion
        00220037 FL AlongScanSpatialResolution|Along-scan Spatial Resolution
        00220038 FL MaximumAlongScanDistortion|Maximum Along-scan Distortion
        00220039 CS OphthalmicImageOrientation|Ophthalmic Image Orientation
        00220041 FL DepthOfTransverseImage|Depth of Transverse Image
        00220042 SQ MydriaticAgentConcentrationUnitsSequence|Mydriatic Agent Concentration Units Sequence
        00220048 FL AcrossScanSpatialResolution|Across-scan Spatial Resolution
        00220049 FL MaximumAcrossScanDistortion|Maximum Across-scan Distortion
        0022004E DS MydriaticAgentConcentration|Mydriatic Agent Concentration
        00220055 FL IlluminationWaveLength|Illumination Wave Length
        00220056 FL IlluminationPower|Illumination Power
        00220057 FL IlluminationBandwidth|Illumination Bandwidth
        00220058 SQ MydriaticAgentSequence|Mydriatic Agent Sequence
        00221007 SQ OphthalmicAxialMeasurementsRightEyeSequence|Ophthalmic Axial Measurements Right Eye Sequence
        00221008 SQ OphthalmicAxialMeasurementsLeftEyeSequence|Ophthalmic Axial Measurements Left Eye Sequence
        00221009 CS OphthalmicAxialMeasurementsDeviceType|Ophthalmic Axial Measurements Device Type
        00221010 CS OphthalmicAxialLengthMeasurementsType|Ophthalmic Axial Length Measurements Type
        00221012 SQ OphthalmicAxialLengthSequence|Ophthalmic Axial Length Sequence
        00221019 FL OphthalmicAxialLength|Ophthalmic Axial Length
        00221024 SQ LensStatusCodeSequence|Lens Status Code Sequence
        00221025 SQ VitreousStatusCodeSequence|Vitreous Status Code Sequence
        00221028 SQ IOLFormulaCodeSequence|IOL Formula Code Sequence
        00221029 LO IOLFormulaDetail|IOL Formula Detail
        00221033 FL KeratometerIndex|Keratometer Index
        00221035 SQ SourceOfOphthalmicAxialLengthCodeSequence|Source of Ophthalmic Axial Length Code Sequence
        00221036 SQ SourceOfCornealSizeDataCodeSequence|Source of Corneal Size Data Code Sequence
        00221037 FL TargetRefraction|Target Refraction
        00221039 CS RefractiveProcedureOccurred|Refractive Procedure Occurred
        00221040 SQ RefractiveSurgeryTypeCodeSequence|Refractive Surgery Type Code Sequence
        00221044 SQ OphthalmicUltrasoundMethodCodeSequence|Ophthalmic Ultrasound Method Code Sequence
        00221045 SQ SurgicallyInducedAstigmatismSequence|Surgically Induced Astigmatism Sequence
        00221046 CS TypeOfOpticalCorrection|Type of Optical Correction
        00221047 SQ ToricIOLPowerSequence|Toric IOL Power Sequence
        00221048 SQ PredictedToricErrorSequence|Predicted Toric Error Sequence
        00221049 CS PreSelectedForImplantation|Pre-Selected for Implantation
        0022104A SQ ToricIOLPowerForExactEmmetropiaSequence|Toric IOL Power for Exact Emmetropia Sequence
        0022104B SQ ToricIOLPowerForExactTargetRefractionSequence|Toric IOL Power for Exact Target Refraction Sequence
        00221050 SQ OphthalmicAxialLengthMeasurementsSequence|Ophthalmic Axial Length Measurements Sequence
        00221053 FL IOLPower|IOL Power
        00221054 FL PredictedRefractiveError|Predicted Refractive Error
        00221059 FL OphthalmicAxialLengthVelocity|Ophthalmic Axial Length Velocity
        00221065 LO LensStatusDescription|Lens Status Description
        00221066 LO VitreousStatusDescription|Vitreous Status Description
        00221090 SQ IOLPowerSequence|IOL Power Sequence
        00221092 SQ LensConstantSequence|Lens Constant Sequence
        00221093 LO IOLManufacturer|IOL Manufacturer
        00221094 LO LensConstantDescription|Lens Constant Description
        00221095 LO ImplantName|Implant Name
        00221096 SQ KeratometryMeasurementTypeCodeSequence|Keratometry Measurement Type Code Sequence
        00221097 LO ImplantPartNumber|Implant Part Number
        00221100 SQ ReferencedOphthalmicAxialMeasurementsSequence|Referenced Ophthalmic Axial Measurements Sequence
        00221101 SQ OphthalmicAxialLengthMeasurementsSegmentNameCodeSequence|Ophthalmic Axial Length Measurements Segment Name Code Sequence
        00221103 SQ RefractiveErrorBeforeRefractiveSurgeryCodeSequence|Refractive Error Before Refractive Surgery Code Sequence
        00221121 FL IOLPowerForExactEmmetropia|IOL Power For Exact Emmetropia
        00221122 FL IOLPowerForExactTargetRefraction|IOL Power For Exact Target Refraction
        00221125 SQ AnteriorChamberDepthDefinitionCodeSequence|Anterior Chamber Depth Definition Code Sequence
        00221127 SQ LensThicknessSequence|Lens Thickness Sequence
        00221128 SQ AnteriorChamberDepthSequence|Anterior Chamber Depth Sequence
        0022112A SQ CalculationCommentSequence|Calculation Comment Sequence
        0022112B CS CalculationCommentType|Calculation Comment Type
        0022112C LT CalculationComment|Calculation Comment
        00221130 FL LensThickness|Lens Thickness
        00221131 FL AnteriorChamberDepth|Anterior Chamber Depth
        00221132 SQ SourceOfLensThicknessDataCodeSequence|Source of Lens Thickness Data Code Sequence
        00221133 SQ SourceOfAnteriorChamberDepthDataCodeSequence|Source of Anterior Chamber Depth Data Code Sequence
        00221134 SQ SourceOfRefractiveMeasurementsSequence|Source of Refractive Measurements Sequence
        00221135 SQ SourceOfRefractiveMeasurementsCodeSequence|Source of Refractive Measurements Code Sequence
        00221140 CS OphthalmicAxialLengthMeasurementModified|Ophthalmic Axial Length Measurement Modified
        00221150 SQ OphthalmicAxialLengthDataSourceCodeSequence|Ophthalmic Axial Length Data Source Code Sequence
        00221153 SQ OphthalmicAxialLengthAcquisitionMethodCodeSequence|Ophthalmic Axial Length Acquisition Method Code Sequence
        00221155 FL SignalToNoiseRatio|Signal to Noise Ratio
        00221159 LO OphthalmicAxialLengthDataSourceDescription|Ophthalmic Axial Length Data Source Description
        00221210 SQ OphthalmicAxialLengthMeasurementsTotalLengthSequence|Ophthalmic Axial Length Measurements Total Length Sequence
        00221211 SQ OphthalmicAxialLengthMeasurementsSegmentalLengthSequence|Ophthalmic Axial Length Measurements Segmental Length Sequence
        00221212 SQ OphthalmicAxialLengthMeasurementsLengthSummationSequence|Ophthalmic Axial Length Measurements Length Summation Sequence
        00221220 SQ UltrasoundOphthalmicAxialLengthMeasurementsSequence|Ultrasound Ophthalmic Axial Length Measurements Sequence
        00221225 SQ OpticalOphthalmicAxialLengthMeasurementsSequence|Optical Ophthalmic Axial Length Measurements Sequence
        00221230 SQ UltrasoundSelectedOphthalmicAxialLengthSequence|Ultrasound Selected Ophthalmic Axial Length Sequence
        00221250 SQ OphthalmicAxialLengthSelectionMethodCodeSequence|Ophthalmic Axial Length Selection Method Code Sequence
        00221255 SQ OpticalSelectedOphthalmicAxialLengthSequence|Optical Selected Ophthalmic Axial Length Sequence
        00221257 SQ SelectedSegmentalOphthalmicAxialLengthSequence|Selected Segmental Ophthalmic Axial Length Sequence
        00221260 SQ SelectedTotalOphthalmicAxialLengthSequence|Selected Total Ophthalmic Axial Length Sequence
        00221262 SQ OphthalmicAxialLengthQualityMetricSequence|Ophthalmic Axial Length Quality Metric Sequence
        00221265 SQ OphthalmicAxialLengthQualityMetricTypeCodeSequence|Ophthalmic Axial Length Quality Metric Type Code Sequence
        00221273 LO OphthalmicAxialLengthQualityMetricTypeDescription|Ophthalmic Axial Length Quality Metric Type Description
        00221300 SQ IntraocularLensCalculationsRightEyeSequence|Intraocular Lens Calculations Right Eye Sequence
        00221310 SQ IntraocularLensCalculationsLeftEyeSequence|Intraocular Lens Calculations Left Eye Sequence
        00221330 SQ ReferencedOphthalmicAxialLengthMeasurementQCImageSequence|Referenced Ophthalmic Axial Length Measurement QC Image Sequence
        00221415 CS OphthalmicMappingDeviceType|Ophthalmic Mapping Device Type
        00221420 SQ AcquisitionMethodCodeSequence|Acquisition Method Code Sequence
        00221423 SQ AcquisitionMethodAlgorithmSequence|Acquisition Method Algorithm Sequence
        00221436 SQ OphthalmicThicknessMapTypeCodeSequence|Ophthalmic Thickness Map Type Code Sequence
        00221443 SQ OphthalmicThicknessMappingNormalsSequence|Ophthalmic Thickness Mapping Normals Sequence
        00221445 SQ RetinalThicknessDefinitionCodeSequence|Retinal Thickness Definition Code Sequence
        00221450 SQ PixelValueMappingToCodedConceptSequence|Pixel Value Mapping to Coded Concept Sequence
        00221452 US MappedPixelValue|Mapped Pixel Value
        00221454 LO PixelValueMappingExplanation|Pixel Value Mapping Explanation
        00221458 SQ OphthalmicThicknessMapQualityThresholdSequence|Ophthalmic Thickness Map Quality Threshold Sequence
        00221460 FL OphthalmicThicknessMapThresholdQualityRating|Ophthalmic Thickness Map Threshold Quality Rating
        00221463 FL AnatomicStructureReferencePoint|Anatomic Structure Reference Point
        00221465 SQ RegistrationToLocalizerSequence|Registration to Localizer Sequence
        00221466 CS RegisteredLocalizerUnits|Registered Localizer Units
        00221467 FL RegisteredLocalizerTopLeftHandCorner|Registered Localizer Top Left Hand Corner
        00221468 FL RegisteredLocalizerBottomRightHandCorner|Registered Localizer Bottom Right Hand Corner
        00221470 SQ OphthalmicThicknessMapQualityRatingSequence|Ophthalmic Thickness Map Quality Rating Sequence
        00221472 SQ RelevantOPTAttributesSequence|Relevant OPT Attributes Sequence
        00221512 SQ TransformationMethodCodeSequence|Transformation Method Code Sequence
        00221513 SQ TransformationAlgorithmSequence|Transformation Algorithm Sequence
        00221515 CS OphthalmicAxialLengthMethod|Ophthalmic Axial Length Method
        00221517 FL OphthalmicFOV|Ophthalmic FOV
        00221518 SQ TwoDimensionalToThreeDimensionalMapSequence|Two Dimensional to Three Dimensional Map Sequence
        00221525 SQ WideFieldOphthalmicPhotographyQualityRatingSequence|Wide Field Ophthalmic Photography Quality Rating Sequence
        00221526 SQ WideFieldOphthalmicPhotographyQualityThresholdSequence|Wide Field Ophthalmic Photography Quality Threshold Sequence
        00221527 FL WideFieldOphthalmicPhotographyThresholdQualityRating|Wide Field Ophthalmic Photography Threshold Quality Rating
        00221528 FL XCoordinatesCenterPixelViewAngle|X Coordinates Center Pixel View Angle
        00221529 FL YCoordinatesCenterPixelViewAngle|Y Coordinates Center Pixel View Angle
        00221530 UL NumberOfMapPoints|Number of Map Points
        00221531 OF TwoDimensionalToThreeDimensionalMapData|Two Dimensional to Three Dimensional Map Data
        00221612 SQ DerivationAlgorithmSequence|Derivation Algorithm Sequence
        00221615 SQ OphthalmicImageTypeCodeSequence|Ophthalmic Image Type Code Sequence
        00221616 LO OphthalmicImageTypeDescription|Ophthalmic Image Type Description
        00221618 SQ ScanPatternTypeCodeSequence|Scan Pattern Type Code Sequence
        00221620 SQ ReferencedSurfaceMeshIdentificationSequence|Referenced Surface Mesh Identification Sequence
        00221622 CS OphthalmicVolumetricPropertiesFlag|Ophthalmic Volumetric Properties Flag
        00221624 FL OphthalmicAnatomicReferencePointXCoordinate|Ophthalmic Anatomic Reference Point X-Coordinate
        00221626 FL OphthalmicAnatomicReferencePointYCoordinate|Ophthalmic Anatomic Reference Point Y-Coordinate
        00221628 SQ OphthalmicEnFaceImageQualityRatingSequence|Ophthalmic En Face Image Quality Rating Sequence
        00221630 DS QualityThreshold|Quality Threshold
        00221640 SQ OCTBscanAnalysisAcquisitionParametersSequence|OCT B-scan Analysis Acquisition Parameters Sequence
        00221642 UL NumberOfBscansPerFrame|Number of B-scans Per Frame
        00221643 FL BscanSlabThickness|B-scan Slab Thickness
        00221644 FL DistanceBetweenBscanSlabs|Distance Between B-scan Slabs
        00221645 FL BscanCycleTime|B-scan Cycle Time
        00221646 FL BscanCycleTimeVector|B-scan Cycle Time Vector
        00221649 FL AscanRate|A-scan Rate
        00221650 FL BscanRate|B-scan Rate
        00221658 UL SurfaceMeshZPixelOffset|Surface Mesh Z-Pixel Offset
        00240010 FL VisualFieldHorizontalExtent|Visual Field Horizontal Extent
        00240011 FL VisualFieldVerticalExtent|Visual Field Vertical Extent
        00240012 CS VisualFieldShape|Visual Field Shape
        00240016 SQ ScreeningTestModeCodeSequence|Screening Test Mode Code Sequence
        00240018 FL MaximumStimulusLuminance|Maximum Stimulus Luminance
        00240020 FL BackgroundLuminance|Background Luminance
        00240021 SQ StimulusColorCodeSequence|Stimulus Color Code Sequence
        00240024 SQ BackgroundIlluminationColorCodeSequence|Background Illumination Color Code Sequence
        00240025 FL StimulusArea|Stimulus Area
        00240028 FL StimulusPresentationTime|Stimulus Presentation Time
        00240032 SQ FixationSequence|Fixation Sequence
        00240033 SQ FixationMonitoringCodeSequence|Fixation Monitoring Code Sequence
        00240034 SQ VisualFieldCatchTrialSequence|Visual Field Catch Trial Sequence
        00240035 US FixationCheckedQuantity|Fixation Checked Quantity
        00240036 US PatientNotProperlyFixatedQuantity|Patient Not Properly Fixated Quantity
        00240037 CS PresentedVisualStimuliDataFlag|Presented Visual Stimuli Data Flag
        00240038 US NumberOfVisualStimuli|Number of Visual Stimuli
        00240039 CS ExcessiveFixationLossesDataFlag|Excessive Fixation Losses Data Flag
        00240040 CS ExcessiveFixationLosses|Excessive Fixation Losses
        00240042 US StimuliRetestingQuantity|Stimuli Retesting Quantity
        00240044 LT CommentsOnPatientPerformanceOfVisualField|Comments on Patient's Performance of Visual Field
        00240045 CS FalseNegativesEstimateFlag|False Negatives Estimate Flag
        00240046 FL FalseNegativesEstimate|False Negatives Estimate
        00240048 US NegativeCatchTrialsQuantity|Negative Catch Trials Quantity
        00240050 US FalseNegativesQuantity|False Negatives Quantity
        00240051 CS ExcessiveFalseNegativesDataFlag|Excessive False Negatives Data Flag
        00240052 CS ExcessiveFalseNegatives|Excessive False Negatives
        00240053 CS FalsePositivesEstimateFlag|False Positives Estimate Flag
        00240054 FL FalsePositivesEstimate|False Positives Estimate
        00240055 CS CatchTrialsDataFlag|Catch Trials Data Flag
        00240056 US PositiveCatchTrialsQuantity|Positive Catch Trials Quantity
        00240057 CS TestPointNormalsDataFlag|Test Point Normals Data Flag
        00240058 SQ TestPointNormalsSequence|Test Point Normals Sequence
        00240059 CS GlobalDeviationProbabilityNormalsFlag|Global Deviation Probability Normals Flag
        00240060 US FalsePositivesQuantity|False Positives Quantity
        00240061 CS ExcessiveFalsePositivesDataFlag|Excessive False Positives Data Flag
        00240062 CS ExcessiveFalsePositives|Excessive False Positives
        00240063 CS VisualFieldTestNormalsFlag|Visual Field Test Normals Flag
        00240064 SQ ResultsNormalsSequence|Results Normals Sequence
        00240065 SQ AgeCorrectedSensitivityDeviationAlgorithmSequence|Age Corrected Sensitivity Deviation Algorithm Sequence
        00240066 FL GlobalDeviationFromNormal|Global Deviation From Normal
        00240067 SQ GeneralizedDefectSensitivityDeviationAlgorithmSequence|Generalized Defect Sensitivity Deviation Algorithm Sequence
        00240068 FL LocalizedDeviationFromNormal|Localized Deviation From Normal
        00240069 LO PatientReliabilityIndicator|Patient Reliability Indicator
        00240070 FL VisualFieldMeanSensitivity|Visual Field Mean Sensitivity
        00240071 FL GlobalDeviationProbability|Global Deviation Probability
        00240072 CS LocalDeviationProbabilityNormalsFlag|Local Deviation Probability Normals Flag
        00240073 FL LocalizedDeviationProbability|Localized Deviation Probability
        00240074 CS ShortTermFluctuationCalculated|Short Term Fluctuation Calculated
        00240075 FL ShortTermFluctuation|Short Term Fluctuation
        00240076 CS ShortTermFluctuationProbabilityCalculated|Short Term Fluctuation Probability Calculated
        00240077 FL ShortTermFluctuationProbability|Short Term Fluctuation Probability
        00240078 CS CorrectedLocalizedDeviationFromNormalCalculated|Corrected Localized Deviation From Normal Calculated
        00240079 FL CorrectedLocalizedDeviationFromNormal|Corrected Localized Deviation From Normal
        00240080 CS CorrectedLocalizedDeviationFromNormalProbabilityCalculated|Corrected Localized Deviation From Normal Probability Calculated
        00240081 FL CorrectedLocalizedDeviationFromNormalProbability|Corrected Localized Deviation From Normal Probability
        00240083 SQ GlobalDeviationProbabilitySequence|Global Deviation Probability Sequence
        00240085 SQ LocalizedDeviationProbabilitySequence|Localized Deviation Probability Sequence
        00240086 CS FovealSensitivityMeasured|Foveal Sensitivity Measured
        00240087 FL FovealSensitivity|Foveal Sensitivity
        00240088 FL VisualFieldTestDuration|Visual Field Test Duration
        00240089 SQ VisualFieldTestPointSequence|Visual Field Test Point Sequence
        00240090 FL VisualFieldTestPointXCoordinate|Visual Field Test Point X-Coordinate
        00240091 FL VisualFieldTestPointYCoordinate|Visual Field Test Point Y-Coordinate
        00240092 FL AgeCorrectedSensitivityDeviationValue|Age Corrected Sensitivity Deviation Value
        00240093 CS StimulusResults|Stimulus Results
        00240094 FL SensitivityValue|Sensitivity Value
        00240095 CS RetestStimulusSeen|Retest Stimulus Seen
        00240096 FL RetestSensitivityValue|Retest Sensitivity Value
        00240097 SQ VisualFieldTestPointNormalsSequence|Visual Field Test Point Normals Sequence
        00240098 FL QuantifiedDefect|Quantified Defect
        00240100 FL AgeCorrectedSensitivityDeviationProbabilityValue|Age Corrected Sensitivity Deviation Probability Value
        00240102 CS GeneralizedDefectCorrectedSensitivityDeviationFlag|Generalized Defect Corrected Sensitivity Deviation Flag
        00240103 FL GeneralizedDefectCorrectedSensitivityDeviationValue|Generalized Defect Corrected Sensitivity Deviation Value
        00240104 FL GeneralizedDefectCorrectedSensitivityDeviationProbabilityValue|Generalized Defect Corrected Sensitivity Deviation Probability Value
        00240105 FL MinimumSensitivityValue|Minimum Sensitivity Value
        00240106 CS BlindSpotLocalized|Blind Spot Localized
        00240107 FL BlindSpotXCoordinate|Blind Spot X-Coordinate
        00240108 FL BlindSpotYCoordinate|Blind Spot Y-Coordinate
        00240110 SQ VisualAcuityMeasurementSequence|Visual Acuity Measurement Sequence
        00240112 SQ RefractiveParametersUsedOnPatientSequence|Refractive Parameters Used on Patient Sequence
        00240113 CS MeasurementLaterality|Measurement Laterality
        00240114 SQ OphthalmicPatientClinicalInformationLeftEyeSequence|Ophthalmic Patient Clinical Information Left Eye Sequence
        00240115 SQ OphthalmicPatientClinicalInformationRightEyeSequence|Ophthalmic Patient Clinical Information Right Eye Sequence
        00240117 CS FovealPointNormativeDataFlag|Foveal Point Normative Data Flag
        00240118 FL FovealPointProbabilityValue|Foveal Point Probability Value
        00240120 CS ScreeningBaselineMeasured|Screening Baseline Measured
        00240122 SQ ScreeningBaselineMeasuredSequence|Screening Baseline Measured Sequence
        00240124 CS ScreeningBaselineType|Screening Baseline Type
        00240126 FL ScreeningBaselineValue|Screening Baseline Value
        00240202 LO AlgorithmSource|Algorithm Source
        00240306 LO DataSetName|Data Set Name
        00240307 LO DataSetVersion|Data Set Version
        00240308 LO DataSetSource|Data Set Source
        00240309 LO DataSetDescription|Data Set Description
        00240317 SQ VisualFieldTestReliabilityGlobalIndexSequence|Visual Field Test Reliability Global Index Sequence
        00240320 SQ VisualFieldGlobalResultsIndexSequence|Visual Field Global Results Index Sequence
        00240325 SQ DataObservationSequence|Data Observation Sequence
        00240338 CS IndexNormalsFlag|Index Normals Flag
        00240341 FL IndexProbability|Index Probability
        00240344 SQ IndexProbabilitySequence|Index Probability Sequence
        00280002 US SamplesPerPixel|Samples per Pixel
        00280003 US SamplesPerPixelUsed|Samples per Pixel Used
        00280004 CS PhotometricInterpretation|Photometric Interpretation
        00280005 US ImageDimensions|Image Dimensions
        00280006 US PlanarConfiguration|Planar Configuration
        00280008 IS NumberOfFrames|Number of Frames
        00280009 AT FrameIncrementPointer|Frame Increment Pointer
        0028000A AT FrameDimensionPointer|Frame Dimension Pointer
        00280010 US Rows|Rows
        00280011 US Columns|Columns
        00280012 US Planes|Planes
        00280014 US UltrasoundColorDataPresent|Ultrasound Color Data Present
        00280020 OB |
        00280030 DS PixelSpacing|Pixel Spacing
        00280031 DS ZoomFactor|Zoom Factor
        00280032 DS ZoomCenter|Zoom Center
        00280034 IS PixelAspectRatio|Pixel Aspect Ratio
        00280040 CS ImageFormat|Image Format
        00280050 LO ManipulatedImage|Manipulated Image
        00280051 CS CorrectedImage|Corrected Image
        0028005F LO CompressionRecognitionCode|Compression Recognition Code
        00280060 CS CompressionCode|Compression Code
        00280061 SH CompressionOriginator|Compression Originator
        00280062 LO CompressionLabel|Compression Label
        00280063 SH CompressionDescription|Compression Description
        00280065 CS CompressionSequence|Compression Sequence
        00280066 AT CompressionStepPointers|Compression Step Pointers
        00280068 US RepeatInterval|Repeat Interval
        00280069 US BitsGrouped|Bits Grouped
        00280070 US PerimeterTable|Perimeter Table
        00280071 US PerimeterValue|Perimeter Value
        00280080 US PredictorRows|Predictor Rows
        00280081 US PredictorColumns|Predictor Columns
        00280082 US PredictorConstants|Predictor Constants
        00280090 CS BlockedPixels|Blocked Pixels
        00280091 US BlockRows|Block Rows
        00280092 US BlockColumns|Block Columns
        00280093 US RowOverlap|Row Overlap
        00280094 US ColumnOverlap|Column Overlap
        00280100 US BitsAllocated|Bits Allocated
        00280101 US BitsStored|Bits Stored
        00280102 US HighBit|High Bit
        00280103 US PixelRepresentation|Pixel Representation
        00280104 US SmallestValidPixelValue|Smallest Valid Pixel Value
        00280105 US LargestValidPixelValue|Largest Valid Pixel Value
        00280106 US SmallestImagePixelValue|Smallest Image Pixel Value
        00280107 US LargestImagePixelValue|Largest Image Pixel Value
        00280108 US SmallestPixelValueInSeries|Smallest Pixel Value in Series
        00280109 US LargestPixelValueInSeries|Largest Pixel Value in Series
        00280110 US SmallestImagePixelValueInPlane|Smallest Image Pixel Value in Plane
        00280111 US LargestImagePixelValueInPlane|Largest Image Pixel Value in Plane
        00280120 US PixelPaddingValue|Pixel Padding Value
        00280121 US PixelPaddingRangeLimit|Pixel Padding Range Limit
        00280122 FL FloatPixelPaddingValue|Float Pixel Padding Value
        00280123 FD DoubleFloatPixelPaddingValue|Double Float Pixel Padding Value
        00280124 FL FloatPixelPaddingRangeLimit|Float Pixel Padding Range Limit
        00280125 FD DoubleFloatPixelPaddingRangeLimit|Double Float Pixel Padding Range Limit
        00280200 US ImageLocation|Image Location
        00280300 CS QualityControlImage|Quality Control Image
        00280301 CS BurnedInAnnotation|Burned In Annotation
        00280302 CS RecognizableVisualFeatures|Recognizable Visual Features
        00280303 CS LongitudinalTemporalInformationModified|Longitudinal Temporal Information Modified
        00280304 UI ReferencedColorPaletteInstanceUID|Referenced Color Palette Instance UID
        00280400 LO TransformLabel|Transform Label
        00280401 LO TransformVersionNumber|Transform Version Number
        00280402 US NumberOfTransformSteps|Number of Transform Steps
        00280403 LO SequenceOfCompressedData|Sequence of Compressed Data
        00280404 AT DetailsOfCoefficients|Details of Coefficients
        00280700 LO DCTLabel|DCT Label
        00280701 CS DataBlockDescription|Data Block Description
        00280702 AT DataBlock|Data Block
        00280710 US NormalizationFactorFormat|Normalization Factor Format
        00280720 US ZonalMapNumberFormat|Zonal Map Number Format
        00280721 AT ZonalMapLocation|Zonal Map Location
        00280722 US ZonalMapFormat|Zonal Map Format
        00280730 US AdaptiveMapFormat|Adaptive Map Format
        00280740 US CodeNumberFormat|Code Number Format
        00280A02 CS PixelSpacingCalibrationType|Pixel Spacing Calibration Type
        00280A04 LO PixelSpacingCalibrationDescription|Pixel Spacing Calibration Description
        00281040 CS PixelIntensityRelationship|Pixel Intensity Relationship
        00281041 SS PixelIntensityRelationshipSign|Pixel Intensity Relationship Sign
        00281050 DS WindowCenter|Window Center
        00281051 DS WindowWidth|Window Width
        00281052 DS RescaleIntercept|Rescale Intercept
        00281053 DS RescaleSlope|Rescale Slope
        00281054 LO RescaleType|Rescale Type
        00281055 LO WindowCenterWidthExplanation|Window Center & Width Explanation
        00281056 CS VOILUTFunction|VOI LUT Function
        00281080 CS GrayScale|Gray Scale
        00281090 CS RecommendedViewingMode|Recommended Viewing Mode
        00281100 US GrayLookupTableDescriptor|Gray Lookup Table Descriptor
        00281101 US RedPaletteColorLookupTableDescriptor|Red Palette Color Lookup Table Descriptor
        00281102 US GreenPaletteColorLookupTableDescriptor|Green Palette Color Lookup Table Descriptor
        00281103 US BluePaletteColorLookupTableDescriptor|Blue Palette Color Lookup Table Descriptor
        00281104 US AlphaPaletteColorLookupTableDescriptor|Alpha Palette Color Lookup Table Descriptor
        00281111 US LargeRedPaletteColorLookupTableDescriptor|Large Red Palette Color Lookup Table Descriptor
        00281112 US LargeGreenPaletteColorLookupTableDescriptor|Large Green Palette Color Lookup Table Descriptor
        00281113 US LargeBluePaletteColorLookupTableDescriptor|Large Blue Palette Color Lookup Table Descriptor
        00281199 UI PaletteColorLookupTableUID|Palette Color Lookup Table UID
        00281200 US GrayLookupTableData|Gray Lookup Table Data
        00281201 OW RedPaletteColorLookupTableData|Red Palette Color Lookup Table Data
        00281202 OW GreenPaletteColorLookupTableData|Green Palette Color Lookup Table Data
        00281203 OW BluePaletteColorLookupTableData|Blue Palette Color Lookup Table Data
        00281204 OW AlphaPaletteColorLookupTableData|Alpha Palette Color Lookup Table Data
        00281211 OW LargeRedPaletteColorLookupTableData|Large Red Palette Color Lookup Table Data
        00281212 OW LargeGreenPaletteColorLookupTableData|Large Green Palette Color Lookup Table Data
        00281213 OW LargeBluePaletteColorLookupTableData|Large Blue Palette Color Lookup Table Data
        00281214 UI LargePaletteColorLookupTableUID|Large Palette Color Lookup Table UID
        00281221 OW SegmentedRedPaletteColorLookupTableData|Segmented Red Palette Color Lookup Table Data
        00281222 OW SegmentedGreenPaletteColorLookupTableData|Segmented Green Palette Color Lookup Table Data
        00281223 OW SegmentedBluePaletteColorLookupTableData|Segmented Blue Palette Color Lookup Table Data
        00281224 OW SegmentedAlphaPaletteColorLookupTableData|Segmented Alpha Palette Color Lookup Table Data
        00281230 SQ StoredValueColorRangeSequence|Stored Value Color Range Sequence
        00281231 FD MinimumStoredValueMapped|Minimum Stored Value Mapped
        00281232 FD MaximumStoredValueMapped|Maximum Stored Value Mapped
        00281300 CS BreastImplantPresent|Breast Implant Present
        00281350 CS PartialView|Partial View
        00281351 ST PartialViewDescription|Partial View Description
        00281352 SQ PartialViewCodeSequence|Partial View Code Sequence
        0028135A CS SpatialLocationsPreserved|Spatial Locations Preserved
        00281401 SQ DataFrameAssignmentSequence|Data Frame Assignment Sequence
        00281402 CS DataPathAssignment|Data Path Assignment
        00281403 US BitsMappedToColorLookupTable|Bits Mapped to Color Lookup Table
        00281404 SQ BlendingLUT1Sequence|Blending LUT 1 Sequence
        00281405 CS BlendingLUT1TransferFunction|Blending LUT 1 Transfer Function
        00281406 FD BlendingWeightConstant|Blending Weight Constant
        00281407 US BlendingLookupTableDescriptor|Blending Lookup Table Descriptor
        00281408 OW BlendingLookupTableData|Blending Lookup Table Data
        0028140B SQ EnhancedPaletteColorLookupTableSequence|Enhanced Palette Color Lookup Table Sequence
        0028140C SQ BlendingLUT2Sequence|Blending LUT 2 Sequence
        0028140D CS BlendingLUT2TransferFunction|Blending LUT 2 Transfer Function
        0028140E CS DataPathID|Data Path ID
        0028140F CS RGBLUTTransferFunction|RGB LUT Transfer Function
        00281410 CS AlphaLUTTransferFunction|Alpha LUT Transfer Function
        00282000 OB ICCProfile|ICC Profile
        00282002 CS ColorSpace|Color Space
        00282110 CS LossyImageCompression|Lossy Image Compression
        00282112 DS LossyImageCompressionRatio|Lossy Image Compression Ratio
        00282114 CS LossyImageCompressionMethod|Lossy Image Compression Method
        00283000 SQ ModalityLUTSequence|Modality LUT Sequence
        00283001 SQ VariableModalityLUTSequence|Variable Modality LUT Sequence
        00283002 US LUTDescriptor|LUT Descriptor
        00283003 LO LUTExplanation|LUT Explanation
        00283004 LO ModalityLUTType|Modality LUT Type
        00283006 US LUTData|LUT Data
        00283010 SQ VOILUTSequence|VOI LUT Sequence
        00283110 SQ SoftcopyVOILUTSequence|Softcopy VOI LUT Sequence
        00284000 LT ImagePresentationComments|Image Presentation Comments
        00285000 SQ BiPlaneAcquisitionSequence|Bi-Plane Acquisition Sequence
        00286010 US RepresentativeFrameNumber|Representative Frame Number
        00286020 US FrameNumbersOfInterest|Frame Numbers of Interest (FOI)
        00286022 LO FrameOfInterestDescription|Frame of Interest Description
        00286023 CS FrameOfInterestType|Frame of Interest Type
        00286030 US MaskPointers|Mask Pointer(s)
        00286040 US RWavePointer|R Wave Pointer
        00286100 SQ MaskSubtractionSequence|Mask Subtraction Sequence
        00286101 CS MaskOperation|Mask Operation
        00286102 US ApplicableFrameRange|Applicable Frame Range
        00286110 US MaskFrameNumbers|Mask Frame Numbers
        00286112 US ContrastFrameAveraging|Contrast Frame Averaging
        00286114 FL MaskSubPixelShift|Mask Sub-pixel Shift
        00286120 SS TIDOffset|TID Offset
        00286190 ST MaskOperationExplanation|Mask Operation Explanation
        00287000 SQ EquipmentAdministratorSequence|Equipment Administrator Sequence
        00287001 US NumberOfDisplaySubsystems|Number of Display Subsystems
        00287002 US CurrentConfigurationID|Current Configuration ID
        00287003 US DisplaySubsystemID|Display Subsystem ID
        00287004 SH DisplaySubsystemName|Display Subsystem Name
        00287005 LO DisplaySubsystemDescription|Display Subsystem Description
        00287006 CS SystemStatus|System Status
        00287007 LO SystemStatusComment|System Status Comment
        00287008 SQ TargetLuminanceCharacteristicsSequence|Target Luminance Characteristics Sequence
        00287009 US LuminanceCharacteristicsID|Luminance Characteristics ID
        0028700A SQ DisplaySubsystemConfigurationSequence|Display Subsystem Configuration Sequence
        0028700B US ConfigurationID|Configuration ID
        0028700C SH ConfigurationName|Configuration Name
        0028700D LO ConfigurationDescription|Configuration Description
        0028700E US ReferencedTargetLuminanceCharacteristicsID|Referenced Target Luminance Characteristics ID
        0028700F SQ QAResultsSequence|QA Results Sequence
        00287010 SQ DisplaySubsystemQAResultsSequence|Display Subsystem QA Results Sequence
        00287011 SQ ConfigurationQAResultsSequence|Configuration QA Results Sequence
        00287012 SQ MeasurementEquipmentSequence|Measurement Equipment Sequence
        00287013 CS MeasurementFunctions|Measurement Functions
        00287014 CS MeasurementEquipmentType|Measurement Equipment Type
        00287015 SQ VisualEvaluationResultSequence|Visual Evaluation Result Sequence
        00287016 SQ DisplayCalibrationResultSequence|Display Calibration Result Sequence
        00287017 US DDLValue|DDL Value
        00287018 FL CIExyWhitePoint|CIExy White Point
        00287019 CS DisplayFunctionType|Display Function Type
        0028701A FL GammaValue|Gamma Value
        0028701B US NumberOfLuminancePoints|Number of Luminance Points
        0028701C SQ LuminanceResponseSequence|Luminance Response Sequence
        0028701D FL TargetMinimumLuminance|Target Minimum Luminance
        0028701E FL TargetMaximumLuminance|Target Maximum Luminance
        0028701F FL LuminanceValue|Luminance Value
        00287020 LO LuminanceResponseDescription|Luminance Response Description
        00287021 CS WhitePointFlag|White Point Flag
        00287022 SQ DisplayDeviceTypeCodeSequence|Display Device Type Code Sequence
        00287023 SQ DisplaySubsystemSequence|Display Subsystem Sequence
        00287024 SQ LuminanceResultSequence|Luminance Result Sequence
        00287025 CS AmbientLightValueSource|Ambient Light Value Source
        00287026 CS MeasuredCharacteristics|Measured Characteristics
        00287027 SQ LuminanceUniformityResultSequence|Luminance Uniformity Result Sequence
        00287028 SQ VisualEvaluationTestSequence|Visual Evaluation Test Sequence
        00287029 CS TestResult|Test Result
        0028702A LO TestResultComment|Test Result Comment
        0028702B CS TestImageValidation|Test Image Validation
        0028702C SQ TestPatternCodeSequence|Test Pattern Code Sequence
        0028702D SQ MeasurementPatternCodeSequence|Measurement Pattern Code Sequence
        0028702E SQ VisualEvaluationMethodCodeSequence|Visual Evaluation Method Code Sequence
        00287FE0 UR PixelDataProviderURL|Pixel Data Provider URL
        00289001 UL DataPointRows|Data Point Rows
        00289002 UL DataPointColumns|Data Point Columns
        00289003 CS SignalDomainColumns|Signal Domain Columns
        00289099 US LargestMonochromePixelValue|Largest Monochrome Pixel Value
        00289108 CS DataRepresentation|Data Representation
        00289110 SQ PixelMeasuresSequence|Pixel Measures Sequence
        00289132 SQ FrameVOILUTSequence|Frame VOI LUT Sequence
        00289145 SQ PixelValueTransformationSequence|Pixel Value Transformation Sequence
        00289235 CS SignalDomainRows|Signal Domain Rows
        00289411 FL DisplayFilterPercentage|Display Filter Percentage
        00289415 SQ FramePixelShiftSequence|Frame Pixel Shift Sequence
        00289416 US SubtractionItemID|Subtraction Item ID
        00289422 SQ PixelIntensityRelationshipLUTSequence|Pixel Intensity Relationship LUT Sequence
        00289443 SQ FramePixelDataPropertiesSequence|Frame Pixel Data Properties Sequence
        00289444 CS GeometricalProperties|Geometrical Properties
        00289445 FL GeometricMaximumDistortion|Geometric Maximum Distortion
        00289446 CS ImageProcessingApplied|Image Processing Applied
        00289454 CS MaskSelectionMode|Mask Selection Mode
        00289474 CS LUTFunction|LUT Function
        00289478 FL MaskVisibilityPercentage|Mask Visibility Percentage
        00289501 SQ PixelShiftSequence|Pixel Shift Sequence
        00289502 SQ RegionPixelShiftSequence|Region Pixel Shift Sequence
        00289503 SS VerticesOfTheRegion|Vertices of the Region
        00289505 SQ MultiFramePresentationSequence|Multi-frame Presentation Sequence
        00289506 US PixelShiftFrameRange|Pixel Shift Frame Range
        00289507 US LUTFrameRange|LUT Frame Range
        00289520 DS ImageToEquipmentMappingMatrix|Image to Equipment Mapping Matrix
        00289537 CS EquipmentCoordinateSystemIdentification|Equipment Coordinate System Identification
        0032000A CS StudyStatusID|Study Status ID
        0032000C CS StudyPriorityID|Study Priority ID
        00320012 LO StudyIDIssuer|Study ID Issuer
        00320032 DA StudyVerifiedDate|Study Verified Date
        00320033 TM StudyVerifiedTime|Study Verified Time
        00320034 DA StudyReadDate|Study Read Date
        00320035 TM StudyReadTime|Study Read Time
        00321000 DA ScheduledStudyStartDate|Scheduled Study Start Date
        00321001 TM ScheduledStudyStartTime|Scheduled Study Start Time
        00321010 DA ScheduledStudyStopDate|Scheduled Study Stop Date
        00321011 TM ScheduledStudyStopTime|Scheduled Study Stop Time
        00321020 LO ScheduledStudyLocation|Scheduled Study Location
        00321021 AE ScheduledStudyLocationAETitle|Scheduled Study Location AE Title
        00321030 LO ReasonForStudy|Reason for Study
        00321031 SQ RequestingPhysicianIdentificationSequence|Requesting Physician Identification Sequence
        00321032 PN RequestingPhysician|Requesting Physician
        00321033 LO RequestingService|Requesting Service
        00321034 SQ RequestingServiceCodeSequence|Requesting Service Code Sequence
        00321040 DA StudyArrivalDate|Study Arrival Date
        00321041 TM StudyArrivalTime|Study Arrival Time
        00321050 DA StudyCompletionDate|Study Completion Date
        00321051 TM StudyCompletionTime|Study Completion Time
        00321055 CS StudyComponentStatusID|Study Component Status ID
        00321060 LO RequestedProcedureDescription|Requested Procedure Description
        00321064 SQ RequestedProcedureCodeSequence|Requested Procedure Code Sequence
        00321065 SQ RequestedLateralityCodeSequence|Requested Laterality Code Sequence
        00321066 UT ReasonForVisit|Reason for Visit
        00321067 SQ ReasonForVisitCodeSequence|Reason for Visit Code Sequence
        00321070 LO RequestedContrastAgent|Requested Contrast Agent
        00324000 LT StudyComments|Study Comments
        00340001 SQ FlowIdentifierSequence|Flow Identifier Sequence
        00340002 OB FlowIdentifier|Flow Identifier
        00340003 UI FlowTransferSyntaxUID|Flow Transfer Syntax UID
        00340004 UL FlowRTPSamplingRate|Flow RTP Sampling Rate
        00340005 OB SourceIdentifier|Source Identifier
        00340007 OB FrameOriginTimestamp|Frame Origin Timestamp
        00340008 CS IncludesImagingSubject|Includes Imaging Subject
        00340009 SQ FrameUsefulnessGroupSequence|Frame Usefulness Group Sequence
        0034000A SQ RealTimeBulkDataFlowSequence|Real-Time Bulk Data Flow Sequence
        0034000B SQ CameraPositionGroupSequence|Camera Position Group Sequence
        0034000C CS IncludesInformation|Includes Information
        0034000D SQ TimeOfFrameGroupSequence|Time of Frame Group Sequence
        00380004 SQ ReferencedPatientAliasSequence|Referenced Patient Alias Sequence
        00380008 CS VisitStatusID|Visit Status ID
        00380010 LO AdmissionID|Admission ID
        00380011 LO IssuerOfAdmissionID|Issuer of Admission ID
        00380014 SQ IssuerOfAdmissionIDSequence|Issuer of Admission ID Sequence
        00380016 LO RouteOfAdmissions|Route of Admissions
        0038001A DA ScheduledAdmissionDate|Scheduled Admission Date
        0038001B TM ScheduledAdmissionTime|Scheduled Admission Time
        0038001C DA ScheduledDischargeDate|Scheduled Discharge Date
        0038001D TM ScheduledDischargeTime|Scheduled Discharge Time
        0038001E LO ScheduledPatientInstitutionResidence|Scheduled Patient Institution Residence
        00380020 DA AdmittingDate|Admitting Date
        00380021 TM AdmittingTime|Admitting Time
        00380030 DA DischargeDate|Discharge Date
        00380032 TM DischargeTime|Discharge Time
        00380040 LO DischargeDiagnosisDescription|Discharge Diagnosis Description
        00380044 SQ DischargeDiagnosisCodeSequence|Discharge Diagnosis Code Sequence
        00380050 LO SpecialNeeds|Special Needs
        00380060 LO ServiceEpisodeID|Service Episode ID
        00380061 LO IssuerOfServiceEpisodeID|Issuer of Service Episode ID
        00380062 LO ServiceEpisodeDescription|Service Episode Description
        00380064 SQ IssuerOfServiceEpisodeIDSequence|Issuer of Service Episode ID Sequence
        00380100 SQ PertinentDocumentsSequence|Pertinent Documents Sequence
        00380101 SQ PertinentResourcesSequence|Pertinent Resources Sequence
        00380102 LO ResourceDescription|Resource Description
        00380300 LO CurrentPatientLocation|Current Patient Location
        00380400 LO PatientInstitutionResidence|Patient's Institution Residence
        00380500 LO PatientState|Patient State
        00380502 SQ PatientClinicalTrialParticipationSequence|Patient Clinical Trial Participation Sequence
        00384000 LT VisitComments|Visit Comments
        003A0004 CS WaveformOriginality|Waveform Originality
        003A0005 US NumberOfWaveformChannels|Number of Waveform Channels
        003A0010 UL NumberOfWaveformSamples|Number of Waveform Samples
        003A001A DS SamplingFrequency|Sampling Frequency
        003A0020 SH MultiplexGroupLabel|Multiplex Group Label
        003A0200 SQ ChannelDefinitionSequence|Channel Definition Sequence
        003A0202 IS WaveformChannelNumber|Waveform Channel Number
        003A0203 SH ChannelLabel|Channel Label
        003A0205 CS ChannelStatus|Channel Status
        003A0208 SQ ChannelSourceSequence|Channel Source Sequence
        003A0209 SQ ChannelSourceModifiersSequence|Channel Source Modifiers Sequence
        003A020A SQ SourceWaveformSequence|Source Waveform Sequence
        003A020C LO ChannelDerivationDescription|Channel Derivation Description
        003A0210 DS ChannelSensitivity|Channel Sensitivity
        003A0211 SQ ChannelSensitivityUnitsSequence|Channel Sensitivity Units Sequence
        003A0212 DS ChannelSensitivityCorrectionFactor|Channel Sensitivity Correction Factor
        003A0213 DS ChannelBaseline|Channel Baseline
        003A0214 DS ChannelTimeSkew|Channel Time Skew
        003A0215 DS ChannelSampleSkew|Channel Sample Skew
        003A0218 DS ChannelOffset|Channel Offset
        003A021A US WaveformBitsStored|Waveform Bits Stored
        003A0220 DS FilterLowFrequency|Filter Low Frequency
        003A0221 DS FilterHighFrequency|Filter High Frequency
        003A0222 DS NotchFilterFrequency|Notch Filter Frequency
        003A0223 DS NotchFilterBandwidth|Notch Filter Bandwidth
        003A0230 FL WaveformDataDisplayScale|Waveform Data Display Scale
        003A0231 US WaveformDisplayBackgroundCIELabValue|Waveform Display Background CIELab Value
        003A0240 SQ WaveformPresentationGroupSequence|Waveform Presentation Group Sequence
        003A0241 US PresentationGroupNumber|Presentation Group Number
        003A0242 SQ ChannelDisplaySequence|Channel Display Sequence
        003A0244 US ChannelRecommendedDisplayCIELabValue|Channel Recommended Display CIELab Value
        003A0245 FL ChannelPosition|Channel Position
        003A0246 CS DisplayShadingFlag|Display Shading Flag
        003A0247 FL FractionalChannelDisplayScale|Fractional Channel Display Scale
        003A0248 FL AbsoluteChannelDisplayScale|Absolute Channel Display Scale
        003A0300 SQ MultiplexedAudioChannelsDescriptionCodeSequence|Multiplexed Audio Channels Description Code Sequence
        003A0301 IS ChannelIdentificationCode|Channel Identification Code
        003A0302 CS ChannelMode|Channel Mode
        003A0310 UI MultiplexGroupUID|Multiplex Group UID
        003A0311 DS PowerlineFrequency|Powerline Frequency
        003A0312 SQ ChannelImpedanceSequence|Channel Impedance Sequence
        003A0313 DS ImpedanceValue|Impedance Value
        003A0314 DT ImpedanceMeasurementDateTime|Impedance Measurement DateTime
        003A0315 DS ImpedanceMeasurementFrequency|Impedance Measurement Frequency
        003A0316 CS ImpedanceMeasurementCurrentType|Impedance Measurement Current Type
        003A0317 CS WaveformAmplifierType|Waveform Amplifier Type
        003A0318 SQ FilterLowFrequencyCharacteristicsSequence|Filter Low Frequency Characteristics Sequence
        003A0319 SQ FilterHighFrequencyCharacteristicsSequence|Filter High Frequency Characteristics Sequence
        003A0320 SQ SummarizedFilterLookupTable|Summarized Filter Lookup Table Sequence
        003A0321 SQ NotchFilterCharacteristicsSequence|Notch Filter Characteristics Sequence
        003A0322 CS WaveformFilterType|Waveform Filter Type
        003A0323 SQ AnalogFilterCharacteristicsSequence|Analog Filter Characteristics Sequence
        003A0324 DS AnalogFilterRollOff|Analog Filter Roll Off
        003A0325 SQ AnalogFilterType|Analog Filter Type Code Sequence
        003A0326 SQ DigitalFilterCharacteristicsSequence|Digital Filter Characteristics Sequence
        003A0327 IS DigitalFilterOrder|Digital Filter Order
        003A0328 SQ DigitalFilterTypeCodeSequence|Digital Filter Type Code Sequence
        003A0329 ST WaveformFilterDescription|Waveform Filter Description
        003A032A SQ FilterLookupTableSequence|Filter Lookup Table Sequence
        003A032B ST FilterLookupTableDescription|Filter Lookup Table Description
        003A032C SQ FrequencyEncodingCodeSequence|Frequency Encoding Code Sequence
        003A032D SQ MagnitudeEncodingCodeSequence|Magnitude Encoding Code Sequence
        003A032E OD FilterLookupTableData|Filter Lookup Table Data
        00400001 AE ScheduledStationAETitle|Scheduled Station AE Title
        00400002 DA ScheduledProcedureStepStartDate|Scheduled Procedure Step Start Date
        00400003 TM ScheduledProcedureStepStartTime|Scheduled Procedure Step Start Time
        00400004 DA ScheduledProcedureStepEndDate|Scheduled Procedure Step End Date
        00400005 TM ScheduledProcedureStepEndTime|Scheduled Procedure Step End Time
        00400006 PN ScheduledPerformingPhysicianName|Scheduled Performing Physician's Name
        00400007 LO ScheduledProcedureStepDescription|Scheduled Procedure Step Description
        00400008 SQ ScheduledProtocolCodeSequence|Scheduled Protocol Code Sequence
        00400009 SH ScheduledProcedureStepID|Scheduled Procedure Step ID
        0040000A SQ StageCodeSequence|Stage Code Sequence
        0040000B SQ ScheduledPerformingPhysicianIdentificationSequence|Scheduled Performing Physician Identification Sequence
        00400010 SH ScheduledStationName|Scheduled Station Name
        00400011 SH ScheduledProcedureStepLocation|Scheduled Procedure Step Location
        00400012 LO PreMedication|Pre-Medication
        00400020 CS ScheduledProcedureStepStatus|Scheduled Procedure Step Status
        00400026 SQ OrderPlacerIdentifierSequence|Order Placer Identifier Sequence
        00400027 SQ OrderFillerIdentifierSequence|Order Filler Identifier Sequence
        00400031 UT LocalNamespaceEntityID|Local Namespace Entity ID
        00400032 UT UniversalEntityID|Universal Entity ID
        00400033 CS UniversalEntityIDType|Universal Entity ID Type
        00400035 CS IdentifierTypeCode|Identifier Type Code
        00400036 SQ AssigningFacilitySequence|Assigning Facility Sequence
        00400039 SQ AssigningJurisdictionCodeSequence|Assigning Jurisdiction Code Sequence
        0040003A SQ AssigningAgencyOrDepartmentCodeSequence|Assigning Agency or Department Code Sequence
        00400100 SQ ScheduledProcedureStepSequence|Scheduled Procedure Step Sequence
        00400220 SQ ReferencedNonImageCompositeSOPInstanceSequence|Referenced Non-Image Composite SOP Instance Sequence
        00400241 AE PerformedStationAETitle|Performed Station AE Title
        00400242 SH PerformedStationName|Performed Station Name
        00400243 SH PerformedLocation|Performed Location
        00400244 DA PerformedProcedureStepStartDate|Performed Procedure Step Start Date
        00400245 TM PerformedProcedureStepStartTime|Performed Procedure Step Start Time
        00400250 DA PerformedProcedureStepEndDate|Performed Procedure Step End Date
        00400251 TM PerformedProcedureStepEndTime|Performed Procedure Step End Time
        00400252 CS PerformedProcedureStepStatus|Performed Procedure Step Status
        00400253 SH PerformedProcedureStepID|Performed Procedure Step ID
        00400254 LO PerformedProcedureStepDescription|Performed Procedure Step Description
        00400255 LO PerformedProcedureTypeDescription|Performed Procedure Type Description
        00400260 SQ PerformedProtocolCodeSequence|Performed Protocol Code Sequence
        00400261 CS PerformedProtocolType|Performed Protocol Type
        00400270 SQ ScheduledStepAttributesSequence|Scheduled Step Attributes Sequence
        00400275 SQ RequestAttributesSequence|Request Attributes Sequence
        00400280 ST CommentsOnThePerformedProcedureStep|Comments on the Performed Procedure Step
        00400281 SQ PerformedProcedureStepDiscontinuationReasonCodeSequence|Performed Procedure Step Discontinuation Reason Code Sequence
        00400293 SQ QuantitySequence|Quantity Sequence
        00400294 DS Quantity|Quantity
        00400295 SQ MeasuringUnitsSequence|Measuring Units Sequence
        00400296 SQ BillingItemSequence|Billing Item Sequence
        00400300 US TotalTimeOfFluoroscopy|Total Time of Fluoroscopy
        00400301 US TotalNumberOfExposures|Total Number of Exposures
        00400302 US EntranceDose|Entrance Dose
        00400303 US ExposedArea|Exposed Area
        00400306 DS DistanceSourceToEntrance|Distance Source to Entrance
        00400307 DS DistanceSourceToSupport|Distance Source to Support
        0040030E SQ ExposureDoseSequence|Exposure Dose Sequence
        00400310 ST CommentsOnRadiationDose|Comments on Radiation Dose
        00400312 DS XRayOutput|X-Ray Output
        00400314 DS HalfValueLayer|Half Value Layer
        00400316 DS OrganDose|Organ Dose
        00400318 CS OrganExposed|Organ Exposed
        00400320 SQ BillingProcedureStepSequence|Billing Procedure Step Sequence
        00400321 SQ FilmConsumptionSequence|Film Consumption Sequence
        00400324 SQ BillingSuppliesAndDevicesSequence|Billing Supplies and Devices Sequence
        00400330 SQ ReferencedProcedureStepSequence|Referenced Procedure Step Sequence
        00400340 SQ PerformedSeriesSequence|Performed Series Sequence
        00400400 LT CommentsOnTheScheduledProcedureStep|Comments on the Scheduled Procedure Step
        00400440 SQ ProtocolContextSequence|Protocol Context Sequence
        00400441 SQ ContentItemModifierSequence|Content Item Modifier Sequence
        00400500 SQ ScheduledSpecimenSequence|Scheduled Specimen Sequence
        0040050A LO SpecimenAccessionNumber|Specimen Accession Number
        00400512 LO ContainerIdentifier|Container Identifier
        00400513 SQ IssuerOfTheContainerIdentifierSequence|Issuer of the Container Identifier Sequence
        00400515 SQ AlternateContainerIdentifierSequence|Alternate Container Identifier Sequence
        00400518 SQ ContainerTypeCodeSequence|Container Type Code Sequence
        0040051A LO ContainerDescription|Container Description
        00400520 SQ ContainerComponentSequence|Container Component Sequence
        00400550 SQ SpecimenSequence|Specimen Sequence
        00400551 LO SpecimenIdentifier|Specimen Identifier
        00400552 SQ SpecimenDescriptionSequenceTrial|Specimen Description Sequence (Trial)
        00400553 ST SpecimenDescriptionTrial|Specimen Description (Trial)
        00400554 UI SpecimenUID|Specimen UID
        00400555 SQ AcquisitionContextSequence|Acquisition Context Sequence
        00400556 ST AcquisitionContextDescription|Acquisition Context Description
        00400560 SQ SpecimenDescriptionSequence|Specimen Description Sequence
        00400562 SQ IssuerOfTheSpecimenIdentifierSequence|Issuer of the Specimen Identifier Sequence
        0040059A SQ SpecimenTypeCodeSequence|Specimen Type Code Sequence
        00400600 LO SpecimenShortDescription|Specimen Short Description
        00400602 UT SpecimenDetailedDescription|Specimen Detailed Description
        00400610 SQ SpecimenPreparationSequence|Specimen Preparation Sequence
        00400612 SQ SpecimenPreparationStepContentItemSequence|Specimen Preparation Step Content Item Sequence
        00400620 SQ SpecimenLocalizationContentItemSequence|Specimen Localization Content Item Sequence
        004006FA LO SlideIdentifier|Slide Identifier
        00400710 SQ WholeSlideMicroscopyImageFrameTypeSequence|Whole Slide Microscopy Image Frame Type Sequence
        0040071A SQ ImageCenterPointCoordinatesSequence|Image Center Point Coordinates Sequence
        0040072A DS XOffsetInSlideCoordinateSystem|X Offset in Slide Coordinate System
        0040073A DS YOffsetInSlideCoordinateSystem|Y Offset in Slide Coordinate System
        0040074A DS ZOffsetInSlideCoordinateSystem|Z Offset in Slide Coordinate System
        004008D8 SQ PixelSpacingSequence|Pixel Spacing Sequence
        004008DA SQ CoordinateSystemAxisCodeSequence|Coordinate System Axis Code Sequence
        004008EA SQ MeasurementUnitsCodeSequence|Measurement Units Code Sequence
        004009F8 SQ VitalStainCodeSequenceTrial|Vital Stain Code Sequence (Trial)
        00401001 SH RequestedProcedureID|Requested Procedure ID
        00401002 LO ReasonForTheRequestedProcedure|Reason for the Requested Procedure
        00401003 SH RequestedProcedurePriority|Requested Procedure Priority
        00401004 LO PatientTransportArrangements|Patient Transport Arrangements
        00401005 LO RequestedProcedureLocation|Requested Procedure Location
        00401006 SH PlacerOrderNumberProcedure|Placer Order Number / Procedure
        00401007 SH FillerOrderNumberProcedure|Filler Order Number / Procedure
        00401008 LO ConfidentialityCode|Confidentiality Code
        00401009 SH ReportingPriority|Reporting Priority
        0040100A SQ ReasonForRequestedProcedureCodeSequence|Reason for Requested Procedure Code Sequence
        00401010 PN NamesOfIntendedRecipientsOfResults|Names of Intended Recipients of Results
        00401011 SQ IntendedRecipientsOfResultsIdentificationSequence|Intended Recipients of Results Identification Sequence
        00401012 SQ ReasonForPerformedProcedureCodeSequence|Reason For Performed Procedure Code Sequence
        00401060 LO RequestedProcedureDescriptionTrial|Requested Procedure Description (Trial)
        00401101 SQ PersonIdentificationCodeSequence|Person Identification Code Sequence
        00401102 ST PersonAddress|Person's Address
        00401103 LO PersonTelephoneNumbers|Person's Telephone Numbers
        00401104 LT PersonTelecomInformation|Person's Telecom Information
        00401400 LT RequestedProcedureComments|Requested Procedure Comments
        00402001 LO ReasonForTheImagingServiceRequest|Reason for the Imaging Service Request
        00402004 DA IssueDateOfImagingServiceRequest|Issue Date of Imaging Service Request
        00402005 TM IssueTimeOfImagingServiceRequest|Issue Time of Imaging Service Request
        00402006 SH PlacerOrderNumberImagingServiceRequestRetired|Placer Order Number / Imaging Service Request (Retired)
        00402007 SH FillerOrderNumberImagingServiceRequestRetired|Filler Order Number / Imaging Service Request (Retired)
        00402008 PN OrderEnteredBy|Order Entered By
        00402009 SH OrderEntererLocation|Order Enterer's Location
        00402010 SH OrderCallbackPhoneNumber|Order Callback Phone Number
        00402011 LT OrderCallbackTelecomInformation|Order Callback Telecom Information
        00402016 LO PlacerOrderNumberImagingServiceRequest|Placer Order Number / Imaging Service Request
        00402017 LO FillerOrderNumberImagingServiceRequest|Filler Order Number / Imaging Service Request
        00402400 LT ImagingServiceRequestComments|Imaging Service Request Comments
        00403001 LO ConfidentialityConstraintOnPatientDataDescription|Confidentiality Constraint on Patient Data Description
        00404001 CS GeneralPurposeScheduledProcedureStepStatus|General Purpose Scheduled Procedure Step Status
        00404002 CS GeneralPurposePerformedProcedureStepStatus|General Purpose Performed Procedure Step Status
        00404003 CS GeneralPurposeScheduledProcedureStepPriority|General Purpose Scheduled Procedure Step Priority
        00404004 SQ ScheduledProcessingApplicationsCodeSequence|Scheduled Processing Applications Code Sequence
        00404005 DT ScheduledProcedureStepStartDateTime|Scheduled Procedure Step Start DateTime
        00404006 CS MultipleCopiesFlag|Multiple Copies Flag
        00404007 SQ PerformedProcessingApplicationsCodeSequence|Performed Processing Applications Code Sequence
        00404008 DT ScheduledProcedureStepExpirationDateTime|Scheduled Procedure Step Expiration DateTime
        00404009 SQ HumanPerformerCodeSequence|Human Performer Code Sequence
        00404010 DT ScheduledProcedureStepModificationDateTime|Scheduled Procedure Step Modification DateTime
        00404011 DT ExpectedCompletionDateTime|Expected Completion DateTime
        00404015 SQ ResultingGeneralPurposePerformedProcedureStepsSequence|Resulting General Purpose Performed Procedure Steps Sequence
        00404016 SQ ReferencedGeneralPurposeScheduledProcedureStepSequence|Referenced General Purpose Scheduled Procedure Step Sequence
        00404018 SQ ScheduledWorkitemCodeSequence|Scheduled Workitem Code Sequence
        00404019 SQ PerformedWorkitemCodeSequence|Performed Workitem Code Sequence
        00404020 CS InputAvailabilityFlag|Input Availability Flag
        00404021 SQ InputInformationSequence|Input Information Sequence
        00404022 SQ RelevantInformationSequence|Relevant Information Sequence
        00404023 UI ReferencedGeneralPurposeScheduledProcedureStepTransactionUID|Referenced General Purpose Scheduled Procedure Step Transaction UID
        00404025 SQ ScheduledStationNameCodeSequence|Scheduled Station Name Code Sequence
        00404026 SQ ScheduledStationClassCodeSequence|Scheduled Station Class Code Sequence
        00404027 SQ ScheduledStationGeographicLocationCodeSequence|Scheduled Station Geographic Location Code Sequence
        00404028 SQ PerformedStationNameCodeSequence|Performed Station Name Code Sequence
        00404029 SQ PerformedStationClassCodeSequence|Performed Station Class Code Sequence
        00404030 SQ PerformedStationGeographicLocationCodeSequence|Performed Station Geographic Location Code Sequence
        00404031 SQ RequestedSubsequentWorkitemCodeSequence|Requested Subsequent Workitem Code Sequence
        00404032 SQ NonDICOMOutputCodeSequence|Non-DICOM Output Code Sequence
        00404033 SQ OutputInformationSequence|Output Information Sequence
        00404034 SQ ScheduledHumanPerformersSequence|Scheduled Human Performers Sequence
        00404035 SQ ActualHumanPerformersSequence|Actual Human Performers Sequence
        00404036 LO HumanPerformerOrganization|Human Performer's Organization
        00404037 PN HumanPerformerName|Human Performer's Name
        00404040 CS RawDataHandling|Raw Data Handling
        00404041 CS InputReadinessState|Input Readiness State
        00404050 DT PerformedProcedureStepStartDateTime|Performed Procedure Step Start DateTime
        00404051 DT PerformedProcedureStepEndDateTime|Performed Procedure Step End DateTime
        00404052 DT ProcedureStepCancellationDateTime|Procedure Step Cancellation DateTime
        00404070 SQ OutputDestinationSequence|Output Destination Sequence
        00404071 SQ DICOMStorageSequence|DICOM Storage Sequence
        00404072 SQ STOWRSStorageSequence|STOW-RS Storage Sequence
        00404073 UR StorageURL|Storage URL
        00404074 SQ XDSStorageSequence|XDS Storage Sequence
        00408302 DS EntranceDoseInmGy|Entrance Dose in mGy
        00408303 CS EntranceDoseDerivation|Entrance Dose Derivation
        00409092 SQ ParametricMapFrameTypeSequence|Parametric Map Frame Type Sequence
        00409094 SQ ReferencedImageRealWorldValueMappingSequence|Referenced Image Real World Value Mapping Sequence
        00409096 SQ RealWorldValueMappingSequence|Real World Value Mapping Sequence
        00409098 SQ PixelValueMappingCodeSequence|Pixel Value Mapping Code Sequence
        00409210 SH LUTLabel|LUT Label
        00409211 US RealWorldValueLastValueMapped|Real World Value Last Value Mapped
        00409212 FD RealWorldValueLUTData|Real World Value LUT Data
        00409213 FD DoubleFloatRealWorldValueLastValueMapped|Double Float Real World Value Last Value Mapped
        00409214 FD DoubleFloatRealWorldValueFirstValueMapped|Double Float Real World Value First Value Mapped
        00409216 US RealWorldValueFirstValueMapped|Real World Value First Value Mapped
        00409220 SQ QuantityDefinitionSequence|Quantity Definition Sequence
        00409224 FD RealWorldValueIntercept|Real World Value Intercept
        00409225 FD RealWorldValueSlope|Real World Value Slope
        0040A007 CS FindingsFlagTrial|Findings Flag (Trial)
        0040A010 CS RelationshipType|Relationship Type
        0040A020 SQ FindingsSequenceTrial|Findings Sequence (Trial)
        0040A021 UI FindingsGroupUIDTrial|Findings Group UID (Trial)
        0040A022 UI ReferencedFindingsGroupUIDTrial|Referenced Findings Group UID (Trial)
        0040A023 DA FindingsGroupRecordingDateTrial|Findings Group Recording Date (Trial)
        0040A024 TM FindingsGroupRecordingTimeTrial|Findings Group Recording Time (Trial)
        0040A026 SQ FindingsSourceCategoryCodeSequenceTrial|Findings Source Category Code Sequence (Trial)
        0040A027 LO VerifyingOrganization|Verifying Organization
        0040A028 SQ DocumentingOrganizationIdentifierCodeSequenceTrial|Documenting Organization Identifier Code Sequence (Trial)
        0040A030 DT VerificationDateTime|Verification DateTime
        0040A032 DT ObservationDateTime|Observation DateTime
        0040A033 DT ObservationStartDateTime|Observation Start DateTime
        0040A040 CS ValueType|Value Type
        0040A043 SQ ConceptNameCodeSequence|Concept Name Code Sequence
        0040A047 LO MeasurementPrecisionDescriptionTrial|Measurement Precision Description (Trial)
        0040A050 CS ContinuityOfContent|Continuity Of Content
        0040A057 CS UrgencyOrPriorityAlertsTrial|Urgency or Priority Alerts (Trial)
        0040A060 LO SequencingIndicatorTrial|Sequencing Indicator (Trial)
        0040A066 SQ DocumentIdentifierCodeSequenceTrial|Document Identifier Code Sequence (Trial)
        0040A067 PN DocumentAuthorTrial|Document Author (Trial)
        0040A068 SQ DocumentAuthorIdentifierCodeSequenceTrial|Document Author Identifier Code Sequence (Trial)
        0040A070 SQ IdentifierCodeSequenceTrial|Identifier Code Sequence (Trial)
        0040A073 SQ VerifyingObserverSequence|Verifying Observer Sequence
        0040A074 OB ObjectBinaryIdentifierTrial|Object Binary Identifier (Trial)
        0040A075 PN VerifyingObserverName|Verifying Observer Name
        0040A076 SQ DocumentingObserverIdentifierCodeSequenceTrial|Documenting Observer Identifier Code Sequence (Trial)
        0040A078 SQ AuthorObserverSequence|Author Observer Sequence
        0040A07A SQ ParticipantSequence|Participant Sequence
        0040A07C SQ CustodialOrganizationSequence|Custodial Organization Sequence
        0040A080 CS ParticipationType|Participation Type
        0040A082 DT ParticipationDateTime|Participation DateTime
        0040A084 CS ObserverType|Observer Type
        0040A085 SQ ProcedureIdentifierCodeSequenceTrial|Procedure Identifier Code Sequence (Trial)
        0040A088 SQ VerifyingObserverIdentificationCodeSequence|Verifying Observer Identification Code Sequence
        0040A089 OB ObjectDirectoryBinaryIdentifierTrial|Object Directory Binary Identifier (Trial)
        0040A090 SQ EquivalentCDADocumentSequence|Equivalent CDA Document Sequence
        0040A0B0 US ReferencedWaveformChannels|Referenced Waveform Channels
        0040A110 DA DateOfDocumentOrVerbalTransactionTrial|Date of Document or Verbal Transaction (Trial)
        0040A112 TM TimeOfDocumentCreationOrVerbalTransactionTrial|Time of Document Creation or Verbal Transaction (Trial)
        0040A120 DT DateTime|DateTime
        0040A121 DA Date|Date
        0040A122 TM Time|Time
        0040A123 PN PersonName|Person Name
        0040A124 UI UID|UID
        0040A125 CS ReportStatusIDTrial|Report Status ID (Trial)
        0040A130 CS TemporalRangeType|Temporal Range Type
        0040A132 UL ReferencedSamplePositions|Referenced Sample Positions
        0040A136 US ReferencedFrameNumbers|Referenced Frame Numbers
        0040A138 DS ReferencedTimeOffsets|Referenced Time Offsets
        0040A13A DT ReferencedDateTime|Referenced DateTime
        0040A160 UT TextValue|Text Value
        0040A161 FD FloatingPointValue|Floating Point Value
        0040A162 SL RationalNumeratorValue|Rational Numerator Value
        0040A163 UL RationalDenominatorValue|Rational Denominator Value
        0040A167 SQ ObservationCategoryCodeSequenceTrial|Observation Category Code Sequence (Trial)
        0040A168 SQ ConceptCodeSequence|Concept Code Sequence
        0040A16A ST BibliographicCitationTrial|Bibliographic Citation (Trial)
        0040A170 SQ PurposeOfReferenceCodeSequence|Purpose of Reference Code Sequence
        0040A171 UI ObservationUID|Observation UID
        0040A172 UI ReferencedObservationUIDTrial|Referenced Observation UID (Trial)
        0040A173 CS ReferencedObservationClassTrial|Referenced Observation Class (Trial)
        0040A174 CS ReferencedObjectObservationClassTrial|Referenced Object Observation Class (Trial)
        0040A180 US AnnotationGroupNumber|Annotation Group Number
        0040A192 DA ObservationDateTrial|Observation Date (Trial)
        0040A193 TM ObservationTimeTrial|Observation Time (Trial)
        0040A194 CS MeasurementAutomationTrial|Measurement Automation (Trial)
        0040A195 SQ ModifierCodeSequence|Modifier Code Sequence
        0040A224 ST IdentificationDescriptionTrial|Identification Description (Trial)
        0040A290 CS CoordinatesSetGeometricTypeTrial|Coordinates Set Geometric Type (Trial)
        0040A296 SQ AlgorithmCodeSequenceTrial|Algorithm Code Sequence (Trial)
        0040A297 ST AlgorithmDescriptionTrial|Algorithm Description (Trial)
        0040A29A SL PixelCoordinatesSetTrial|Pixel Coordinates Set (Trial)
        0040A300 SQ MeasuredValueSequence|Measured Value Sequence
        0040A301 SQ NumericValueQualifierCodeSequence|Numeric Value Qualifier Code Sequence
        0040A307 PN CurrentObserverTrial|Current Observer (Trial)
        0040A30A DS NumericValue|Numeric Value
        0040A313 SQ ReferencedAccessionSequenceTrial|Referenced Accession Sequence (Trial)
        0040A33A ST ReportStatusCommentTrial|Report Status Comment (Trial)
        0040A340 SQ ProcedureContextSequenceTrial|Procedure Context Sequence (Trial)
        0040A352 PN VerbalSourceTrial|Verbal Source (Trial)
        0040A353 ST AddressTrial|Address (Trial)
        0040A354 LO TelephoneNumberTrial|Telephone Number (Trial)
        0040A358 SQ VerbalSourceIdentifierCodeSequenceTrial|Verbal Source Identifier Code Sequence (Trial)
        0040A360 SQ PredecessorDocumentsSequence|Predecessor Documents Sequence
        0040A370 SQ ReferencedRequestSequence|Referenced Request Sequence
        0040A372 SQ PerformedProcedureCodeSequence|Performed Procedure Code Sequence
        0040A375 SQ CurrentRequestedProcedureEvidenceSequence|Current Requested Procedure Evidence Sequence
        0040A380 SQ ReportDetailSequenceTrial|Report Detail Sequence (Trial)
        0040A385 SQ PertinentOtherEvidenceSequence|Pertinent Other Evidence Sequence
        0040A390 SQ HL7StructuredDocumentReferenceSequence|HL7 Structured Document Reference Sequence
        0040A402 UI ObservationSubjectUIDTrial|Observation Subject UID (Trial)
        0040A403 CS ObservationSubjectClassTrial|Observation Subject Class (Trial)
        0040A404 SQ ObservationSubjectTypeCodeSequenceTrial|Observation Subject Type Code Sequence (Trial)
        0040A491 CS CompletionFlag|Completion Flag
        0040A492 LO CompletionFlagDescription|Completion Flag Description
        0040A493 CS VerificationFlag|Verification Flag
        0040A494 CS ArchiveRequested|Archive Requested
        0040A496 CS PreliminaryFlag|Preliminary Flag
        0040A504 SQ ContentTemplateSequence|Content Template Sequence
        0040A525 SQ IdenticalDocumentsSequence|Identical Documents Sequence
        0040A600 CS ObservationSubjectContextFlagTrial|Observation Subject Context Flag (Trial)
        0040A601 CS ObserverContextFlagTrial|Observer Context Flag (Trial)
        0040A603 CS ProcedureContextFlagTrial|Procedure Context Flag (Trial)
        0040A730 SQ ContentSequence|Content Sequence
        0040A731 SQ RelationshipSequenceTrial|Relationship Sequence (Trial)
        0040A732 SQ RelationshipTypeCodeSequenceTrial|Relationship Type Code Sequence (Trial)
        0040A744 SQ LanguageCodeSequenceTrial|Language Code Sequence (Trial)
        0040A801 SQ TabulatedValuesSequence|Tabulated Values Sequence
        0040A802 UL NumberOfTableRows|Number of Table Rows
        0040A803 UL NumberOfTableColumns|Number of Table Columns
        0040A804 UL TableRowNumber|Table Row Number
        0040A805 UL TableColumnNumber|Table Column Number
        0040A806 SQ TableRowDefinitionSequence|Table Row Definition Sequence
        0040A807 SQ TableColumnDefinitionSequence|Table Column Definition Sequence
        0040A808 SQ CellValuesSequence|Cell Values Sequence
        0040A992 ST UniformResourceLocatorTrial|Uniform Resource Locator (Trial)
        0040B020 SQ WaveformAnnotationSequence|Waveform Annotation Sequence
        0040DB00 CS TemplateIdentifier|Template Identifier
        0040DB06 DT TemplateVersion|Template Version
        0040DB07 DT TemplateLocalVersion|Template Local Version
        0040DB0B CS TemplateExtensionFlag|Template Extension Flag
        0040DB0C UI TemplateExtensionOrganizationUID|Template Extension Organization UID
        0040DB0D UI TemplateExtensionCreatorUID|Template Extension Creator UID
        0040DB73 UL ReferencedContentItemIdentifier|Referenced Content Item Identifier
        0040E001 ST HL7InstanceIdentifier|HL7 Instance Identifier
        0040E004 DT HL7DocumentEffectiveTime|HL7 Document Effective Time
        0040E006 SQ HL7DocumentTypeCodeSequence|HL7 Document Type Code Sequence
        0040E008 SQ DocumentClassCodeSequence|Document Class Code Sequence
        0040E010 UR RetrieveURI|Retrieve URI
        0040E011 UI RetrieveLocationUID|Retrieve Location UID
        0040E020 CS TypeOfInstances|Type of Instances
        0040E021 SQ DICOMRetrievalSequence|DICOM Retrieval Sequence
        0040E022 SQ DICOMMediaRetrievalSequence|DICOM Media Retrieval Sequence
        0040E023 SQ WADORetrievalSequence|WADO Retrieval Sequence
        0040E024 SQ XDSRetrievalSequence|XDS Retrieval Sequence
        0040E025 SQ WADORSRetrievalSequence|WADO-RS Retrieval Sequence
        0040E030 UI RepositoryUniqueID|Repository Unique ID
        0040E031 UI HomeCommunityID|Home Community ID
        00420010 ST DocumentTitle|Document Title
        00420011 OB EncapsulatedDocument|Encapsulated Document
        00420012 LO MIMETypeOfEncapsulatedDocument|MIME Type of Encapsulated Document
        00420013 SQ SourceInstanceSequence|Source Instance Sequence
        00420014 LO ListOfMIMETypes|List of MIME Types
        00420015 UL EncapsulatedDocumentLength|Encapsulated Document Length
        00440001 ST ProductPackageIdentifier|Product Package Identifier
        00440002 CS SubstanceAdministrationApproval|Substance Administration Approval
        00440003 LT ApprovalStatusFurtherDescription|Approval Status Further Description
        00440004 DT ApprovalStatusDateTime|Approval Status DateTime
        00440007 SQ ProductTypeCodeSequence|Product Type Code Sequence
        00440008 LO ProductName|Product Name
        00440009 LT ProductDescription|Product Description
        0044000A LO ProductLotIdentifier|Product Lot Identifier
        0044000B DT ProductExpirationDateTime|Product Expiration DateTime
        00440010 DT SubstanceAdministrationDateTime|Substance Administration DateTime
        00440011 LO SubstanceAdministrationNotes|Substance Administration Notes
        00440012 LO SubstanceAdministrationDeviceID|Substance Administration Device ID
        00440013 SQ ProductParameterSequence|Product Parameter Sequence
        00440019 SQ SubstanceAdministrationParameterSequence|Substance Administration Parameter Sequence
        00440100 SQ ApprovalSequence|Approval Sequence
        00440101 SQ AssertionCodeSequence|Assertion Code Sequence
        00440102 UI AssertionUID|Assertion UID
        00440103 SQ AsserterIdentificationSequence|Asserter Identification Sequence
        00440104 DT AssertionDateTime|Assertion DateTime
        00440105 DT AssertionExpirationDateTime|Assertion Expiration DateTime
        00440106 UT AssertionComments|Assertion Comments
        00440107 SQ RelatedAssertionSequence|Related Assertion Sequence
        00440108 UI ReferencedAssertionUID|Referenced Assertion UID
        00440109 SQ ApprovalSubjectSequence|Approval Subject Sequence
        0044010A SQ OrganizationalRoleCodeSequence|Organizational Role Code Sequence
        00460012 LO LensDescription|Lens Description
        00460014 SQ RightLensSequence|Right Lens Sequence
        00460015 SQ LeftLensSequence|Left Lens Sequence
        00460016 SQ UnspecifiedLateralityLensSequence|Unspecified Laterality Lens Sequence
        00460018 SQ CylinderSequence|Cylinder Sequence
        00460028 SQ PrismSequence|Prism Sequence
        00460030 FD HorizontalPrismPower|Horizontal Prism Power
        00460032 CS HorizontalPrismBase|Horizontal Prism Base
        00460034 FD VerticalPrismPower|Vertical Prism Power
        00460036 CS VerticalPrismBase|Vertical Prism Base
        00460038 CS LensSegmentType|Lens Segment Type
        00460040 FD OpticalTransmittance|Optical Transmittance
        00460042 FD ChannelWidth|Channel Width
        00460044 FD PupilSize|Pupil Size
        00460046 FD CornealSize|Corneal Size
        00460047 SQ CornealSizeSequence|Corneal Size Sequence
        00460050 SQ AutorefractionRightEyeSequence|Autorefraction Right Eye Sequence
        00460052 SQ AutorefractionLeftEyeSequence|Autorefraction Left Eye Sequence
        00460060 FD DistancePupillaryDistance|Distance Pupillary Distance
        00460062 FD NearPupillaryDistance|Near Pupillary Distance
        00460063 FD IntermediatePupillaryDistance|Intermediate Pupillary Distance
        00460064 FD OtherPupillaryDistance|Other Pupillary Distance
        00460070 SQ KeratometryRightEyeSequence|Keratometry Right Eye Sequence
        00460071 SQ KeratometryLeftEyeSequence|Keratometry Left Eye Sequence
        00460074 SQ SteepKeratometricAxisSequence|Steep Keratometric Axis Sequence
        00460075 FD RadiusOfCurvature|Radius of Curvature
        00460076 FD KeratometricPower|Keratometric Power
        00460077 FD KeratometricAxis|Keratometric Axis
        00460080 SQ FlatKeratometricAxisSequence|Flat Keratometric Axis Sequence
        00460092 CS BackgroundColor|Background Color
        00460094 CS Optotype|Optotype
        00460095 CS OptotypePresentation|Optotype Presentation
        00460097 SQ SubjectiveRefractionRightEyeSequence|Subjective Refraction Right Eye Sequence
        00460098 SQ SubjectiveRefractionLeftEyeSequence|Subjective Refraction Left Eye Sequence
        00460100 SQ AddNearSequence|Add Near Sequence
        00460101 SQ AddIntermediateSequence|Add Intermediate Sequence
        00460102 SQ AddOtherSequence|Add Other Sequence
        00460104 FD AddPower|Add Power
        00460106 FD ViewingDistance|Viewing Distance
        00460110 SQ CorneaMeasurementsSequence|Cornea Measurements Sequence
        00460111 SQ SourceOfCorneaMeasurementDataCodeSequence|Source of Cornea Measurement Data Code Sequence
        00460112 SQ SteepCornealAxisSequence|Steep Corneal Axis Sequence
        00460113 SQ FlatCornealAxisSequence|Flat Corneal Axis Sequence
        00460114 FD CornealPower|Corneal Power
        00460115 FD CornealAxis|Corneal Axis
        00460116 SQ CorneaMeasurementMethodCodeSequence|Cornea Measurement Method Code Sequence
        00460117 FL RefractiveIndexOfCornea|Refractive Index of Cornea
        00460118 FL RefractiveIndexOfAqueousHumor|Refractive Index of Aqueous Humor
        00460121 SQ VisualAcuityTypeCodeSequence|Visual Acuity Type Code Sequence
        00460122 SQ VisualAcuityRightEyeSequence|Visual Acuity Right Eye Sequence
        00460123 SQ VisualAcuityLeftEyeSequence|Visual Acuity Left Eye Sequence
        00460124 SQ VisualAcuityBothEyesOpenSequence|Visual Acuity Both Eyes Open Sequence
        00460125 CS ViewingDistanceType|Viewing Distance Type
        00460135 SS VisualAcuityModifiers|Visual Acuity Modifiers
        00460137 FD DecimalVisualAcuity|Decimal Visual Acuity
        00460139 LO OptotypeDetailedDefinition|Optotype Detailed Definition
        00460145 SQ ReferencedRefractiveMeasurementsSequence|Referenced Refractive Measurements Sequence
        00460146 FD SpherePower|Sphere Power
        00460147 FD CylinderPower|Cylinder Power
        00460201 CS CornealTopographySurface|Corneal Topography Surface
        00460202 FL CornealVertexLocation|Corneal Vertex Location
        00460203 FL PupilCentroidXCoordinate|Pupil Centroid X-Coordinate
        00460204 FL PupilCentroidYCoordinate|Pupil Centroid Y-Coordinate
        00460205 FL EquivalentPupilRadius|Equivalent Pupil Radius
        00460207 SQ CornealTopographyMapTypeCodeSequence|Corneal Topography Map Type Code Sequence
        00460208 IS VerticesOfTheOutlineOfPupil|Vertices of the Outline of Pupil
        00460210 SQ CornealTopographyMappingNormalsSequence|Corneal Topography Mapping Normals Sequence
        00460211 SQ MaximumCornealCurvatureSequence|Maximum Corneal Curvature Sequence
        00460212 FL MaximumCornealCurvature|Maximum Corneal Curvature
        00460213 FL MaximumCornealCurvatureLocation|Maximum Corneal Curvature Location
        00460215 SQ MinimumKeratometricSequence|Minimum Keratometric Sequence
        00460218 SQ SimulatedKeratometricCylinderSequence|Simulated Keratometric Cylinder Sequence
        00460220 FL AverageCornealPower|Average Corneal Power
        00460224 FL CornealISValue|Corneal I-S Value
        00460227 FL AnalyzedArea|Analyzed Area
        00460230 FL SurfaceRegularityIndex|Surface Regularity Index
        00460232 FL SurfaceAsymmetryIndex|Surface Asymmetry Index
        00460234 FL CornealEccentricityIndex|Corneal Eccentricity Index
        00460236 FL KeratoconusPredictionIndex|Keratoconus Prediction Index
        00460238 FL DecimalPotentialVisualAcuity|Decimal Potential Visual Acuity
        00460242 CS CornealTopographyMapQualityEvaluation|Corneal Topography Map Quality Evaluation
        00460244 SQ SourceImageCornealProcessedDataSequence|Source Image Corneal Processed Data Sequence
        00460247 FL CornealPointLocation|Corneal Point Location
        00460248 CS CornealPointEstimated|Corneal Point Estimated
        00460249 FL AxialPower|Axial Power
        00460250 FL TangentialPower|Tangential Power
        00460251 FL RefractivePower|Refractive Power
        00460252 FL RelativeElevation|Relative Elevation
        00460253 FL CornealWavefront|Corneal Wavefront
        00480001 FL ImagedVolumeWidth|Imaged Volume Width
        00480002 FL ImagedVolumeHeight|Imaged Volume Height
        00480003 FL ImagedVolumeDepth|Imaged Volume Depth
        00480006 UL TotalPixelMatrixColumns|Total Pixel Matrix Columns
        00480007 UL TotalPixelMatrixRows|Total Pixel Matrix Rows
        00480008 SQ TotalPixelMatrixOriginSequence|Total Pixel Matrix Origin Sequence
        00480010 CS SpecimenLabelInImage|Specimen Label in Image
        00480011 CS FocusMethod|Focus Method
        00480012 CS ExtendedDepthOfField|Extended Depth of Field
        00480013 US NumberOfFocalPlanes|Number of Focal Planes
        00480014 FL DistanceBetweenFocalPlanes|Distance Between Focal Planes
        00480015 US RecommendedAbsentPixelCIELabValue|Recommended Absent Pixel CIELab Value
        00480100 SQ IlluminatorTypeCodeSequence|Illuminator Type Code Sequence
        00480102 DS ImageOrientationSlide|Image Orientation (Slide)
        00480105 SQ OpticalPathSequence|Optical Path Sequence
        00480106 SH OpticalPathIdentifier|Optical Path Identifier
        00480107 ST OpticalPathDescription|Optical Path Description
        00480108 SQ IlluminationColorCodeSequence|Illumination Color Code Sequence
        00480110 SQ SpecimenReferenceSequence|Specimen Reference Sequence
        00480111 DS CondenserLensPower|Condenser Lens Power
        00480112 DS ObjectiveLensPower|Objective Lens Power
        00480113 DS ObjectiveLensNumericalAperture|Objective Lens Numerical Aperture
        00480114 CS ConfocalMode|Confocal Mode
        00480115 CS TissueLocation|Tissue Location
        00480116 SQ ConfocalMicroscopyImageFrameTypeSequence|Confocal Microscopy Image Frame Type Sequence
        00480117 FD ImageAcquisitionDepth|Image Acquisition Depth
        00480120 SQ PaletteColorLookupTableSequence|Palette Color Lookup Table Sequence
        00480200 SQ ReferencedImageNavigationSequence|Referenced Image Navigation Sequence
        00480201 US TopLeftHandCornerOfLocalizerArea|Top Left Hand Corner of Localizer Area
        00480202 US BottomRightHandCornerOfLocalizerArea|Bottom Right Hand Corner of Localizer Area
        00480207 SQ OpticalPathIdentificationSequence|Optical Path Identification Sequence
        0048021A SQ PlanePositionSlideSequence|Plane Position (Slide) Sequence
        0048021E SL ColumnPositionInTotalImagePixelMatrix|Column Position In Total Image Pixel Matrix
        0048021F SL RowPositionInTotalImagePixelMatrix|Row Position In Total Image Pixel Matrix
        00480301 CS PixelOriginInterpretation|Pixel Origin Interpretation
        00480302 UL NumberOfOpticalPaths|Number of Optical Paths
        00480303 UL TotalPixelMatrixFocalPlanes|Total Pixel Matrix Focal Planes
        00500004 CS CalibrationImage|Calibration Image
        00500010 SQ DeviceSequence|Device Sequence
        00500012 SQ ContainerComponentTypeCodeSequence|Container Component Type Code Sequence
        00500013 FD ContainerComponentThickness|Container Component Thickness
        00500014 DS DeviceLength|Device Length
        00500015 FD ContainerComponentWidth|Container Component Width
        00500016 DS DeviceDiameter|Device Diameter
        00500017 CS DeviceDiameterUnits|Device Diameter Units
        00500018 DS DeviceVolume|Device Volume
        00500019 DS InterMarkerDistance|Inter-Marker Distance
        0050001A CS ContainerComponentMaterial|Container Component Material
        0050001B LO ContainerComponentID|Container Component ID
        0050001C FD ContainerComponentLength|Container Component Length
        0050001D FD ContainerComponentDiameter|Container Component Diameter
        0050001E LO ContainerComponentDescription|Container Component Description
        00500020 LO DeviceDescription|Device Description
        00500021 ST LongDeviceDescription|Long Device Description
        00520001 FL ContrastBolusIngredientPercentByVolume|Contrast/Bolus Ingredient Percent by Volume
        00520002 FD OCTFocalDistance|OCT Focal Distance
        00520003 FD BeamSpotSize|Beam Spot Size
        00520004 FD EffectiveRefractiveIndex|Effective Refractive Index
        00520006 CS OCTAcquisitionDomain|OCT Acquisition Domain
        00520007 FD OCTOpticalCenterWavelength|OCT Optical Center Wavelength
        00520008 FD AxialResolution|Axial Resolution
        00520009 FD RangingDepth|Ranging Depth
        00520011 FD ALineRate|A-line Rate
        00520012 US ALinesPerFrame|A-lines Per Frame
        00520013 FD CatheterRotationalRate|Catheter Rotational Rate
        00520014 FD ALinePixelSpacing|A-line Pixel Spacing
        00520016 SQ ModeOfPercutaneousAccessSequence|Mode of Percutaneous Access Sequence
        00520025 SQ IntravascularOCTFrameTypeSequence|Intravascular OCT Frame Type Sequence
        00520026 CS OCTZOffsetApplied|OCT Z Offset Applied
        00520027 SQ IntravascularFrameContentSequence|Intravascular Frame Content Sequence
        00520028 FD IntravascularLongitudinalDistance|Intravascular Longitudinal Distance
        00520029 SQ IntravascularOCTFrameContentSequence|Intravascular OCT Frame Content Sequence
        00520030 SS OCTZOffsetCorrection|OCT Z Offset Correction
        00520031 CS CatheterDirectionOfRotation|Catheter Direction of Rotation
        00520033 FD SeamLineLocation|Seam Line Location
        00520034 FD FirstALineLocation|First A-line Location
        00520036 US SeamLineIndex|Seam Line Index
        00520038 US NumberOfPaddedALines|Number of Padded A-lines
        00520039 CS InterpolationType|Interpolation Type
        0052003A CS RefractiveIndexApplied|Refractive Index Applied
        00540010 US EnergyWindowVector|Energy Window Vector
        00540011 US NumberOfEnergyWindows|Number of Energy Windows
        00540012 SQ EnergyWindowInformationSequence|Energy Window Information Sequence
        00540013 SQ EnergyWindowRangeSequence|Energy Window Range Sequence
        00540014 DS EnergyWindowLowerLimit|Energy Window Lower Limit
        00540015 DS EnergyWindowUpperLimit|Energy Window Upper Limit
        00540016 SQ RadiopharmaceuticalInformationSequence|Radiopharmaceutical Information Sequence
        00540017 IS ResidualSyringeCounts|Residual Syringe Counts
        00540018 SH EnergyWindowName|Energy Window Name
        00540020 US DetectorVector|Detector Vector
        00540021 US NumberOfDetectors|Number of Detectors
        00540022 SQ DetectorInformationSequence|Detector Information Sequence
        00540030 US PhaseVector|Phase Vector
        00540031 US NumberOfPhases|Number of Phases
        00540032 SQ PhaseInformationSequence|Phase Information Sequence
        00540033 US NumberOfFramesInPhase|Number of Frames in Phase
        00540036 IS PhaseDelay|Phase Delay
        00540038 IS PauseBetweenFrames|Pause Between Frames
        00540039 CS PhaseDescription|Phase Description
        00540050 US RotationVector|Rotation Vector
        00540051 US NumberOfRotations|Number of Rotations
        00540052 SQ RotationInformationSequence|Rotation Information Sequence
        00540053 US NumberOfFramesInRotation|Number of Frames in Rotation
        00540060 US RRIntervalVector|R-R Interval Vector
        00540061 US NumberOfRRIntervals|Number of R-R Intervals
        00540062 SQ GatedInformationSequence|Gated Information Sequence
        00540063 SQ DataInformationSequence|Data Information Sequence
        00540070 US TimeSlotVector|Time Slot Vector
        00540071 US NumberOfTimeSlots|Number of Time Slots
        00540072 SQ TimeSlotInformationSequence|Time Slot Information Sequence
        00540073 DS TimeSlotTime|Time Slot Time
        00540080 US SliceVector|Slice Vector
        00540081 US NumberOfSlices|Number of Slices
        00540090 US AngularViewVector|Angular View Vector
        00540100 US TimeSliceVector|Time Slice Vector
        00540101 US NumberOfTimeSlices|Number of Time Slices
        00540200 DS StartAngle|Start Angle
        00540202 CS TypeOfDetectorMotion|Type of Detector Motion
        00540210 IS TriggerVector|Trigger Vector
        00540211 US NumberOfTriggersInPhase|Number of Triggers in Phase
        00540220 SQ ViewCodeSequence|View Code Sequence
        00540222 SQ ViewModifierCodeSequence|View Modifier Code Sequence
        00540300 SQ RadionuclideCodeSequence|Radionuclide Code Sequence
        00540302 SQ AdministrationRouteCodeSequence|Administration Route Code Sequence
        00540304 SQ RadiopharmaceuticalCodeSequence|Radiopharmaceutical Code Sequence
        00540306 SQ CalibrationDataSequence|Calibration Data Sequence
        00540308 US EnergyWindowNumber|Energy Window Number
        00540400 SH ImageID|Image ID
        00540410 SQ PatientOrientationCodeSequence|Patient Orientation Code Sequence
        00540412 SQ PatientOrientationModifierCodeSequence|Patient Orientation Modifier Code Sequence
        00540414 SQ PatientGantryRelationshipCodeSequence|Patient Gantry Relationship Code Sequence
        00540500 CS SliceProgressionDirection|Slice Progression Direction
        00540501 CS ScanProgressionDirection|Scan Progression Direction
        00541000 CS SeriesType|Series Type
        00541001 CS Units|Units
        00541002 CS CountsSource|Counts Source
        00541004 CS ReprojectionMethod|Reprojection Method
        00541006 CS SUVType|SUV Type
        00541100 CS RandomsCorrectionMethod|Randoms Correction Method
        00541101 LO AttenuationCorrectionMethod|Attenuation Correction Method
        00541102 CS DecayCorrection|Decay Correction
        00541103 LO ReconstructionMethod|Reconstruction Method
        00541104 LO DetectorLinesOfResponseUsed|Detector Lines of Response Used
        00541105 LO ScatterCorrectionMethod|Scatter Correction Method
        00541200 DS AxialAcceptance|Axial Acceptance
        00541201 IS AxialMash|Axial Mash
        00541202 IS TransverseMash|Transverse Mash
        00541203 DS DetectorElementSize|Detector Element Size
        00541210 DS CoincidenceWindowWidth|Coincidence Window Width
        00541220 CS SecondaryCountsType|Secondary Counts Type
        00541300 DS FrameReferenceTime|Frame Reference Time
        00541310 IS PrimaryPromptsCountsAccumulated|Primary (Prompts) Counts Accumulated
        00541311 IS SecondaryCountsAccumulated|Secondary Counts Accumulated
        00541320 DS SliceSensitivityFactor|Slice Sensitivity Factor
        00541321 DS DecayFactor|Decay Factor
        00541322 DS DoseCalibrationFactor|Dose Calibration Factor
        00541323 DS ScatterFractionFactor|Scatter Fraction Factor
        00541324 DS DeadTimeFactor|Dead Time Factor
        00541330 US ImageIndex|Image Index
        00541400 CS CountsIncluded|Counts Included
        00541401 CS DeadTimeCorrectionFlag|Dead Time Correction Flag
        00603000 SQ HistogramSequence|Histogram Sequence
        00603002 US HistogramNumberOfBins|Histogram Number of Bins
        00603004 US HistogramFirstBinValue|Histogram First Bin Value
        00603006 US HistogramLastBinValue|Histogram Last Bin Value
        00603008 US HistogramBinWidth|Histogram Bin Width
        00603010 LO HistogramExplanation|Histogram Explanation
        00603020 UL HistogramData|Histogram Data
        00620001 CS SegmentationType|Segmentation Type
        00620002 SQ SegmentSequence|Segment Sequence
        00620003 SQ SegmentedPropertyCategoryCodeSequence|Segmented Property Category Code Sequence
        00620004 US SegmentNumber|Segment Number
        00620005 LO SegmentLabel|Segment Label
        00620006 ST SegmentDescription|Segment Description
        00620007 SQ SegmentationAlgorithmIdentificationSequence|Segmentation Algorithm Identification Sequence
        00620008 CS SegmentAlgorithmType|Segment Algorithm Type
        00620009 LO SegmentAlgorithmName|Segment Algorithm Name
        0062000A SQ SegmentIdentificationSequence|Segment Identification Sequence
        0062000B US ReferencedSegmentNumber|Referenced Segment Number
        0062000C US RecommendedDisplayGrayscaleValue|Recommended Display Grayscale Value
        0062000D US RecommendedDisplayCIELabValue|Recommended Display CIELab Value
        0062000E US MaximumFractionalValue|Maximum Fractional Value
        0062000F SQ SegmentedPropertyTypeCodeSequence|Segmented Property Type Code Sequence
        00620010 CS SegmentationFractionalType|Segmentation Fractional Type
        00620011 SQ SegmentedPropertyTypeModifierCodeSequence|Segmented Property Type Modifier Code Sequence
        00620012 SQ UsedSegmentsSequence|Used Segments Sequence
        00620013 CS SegmentsOverlap|Segments Overlap
        00620020 UT TrackingID|Tracking ID
        00620021 UI TrackingUID|Tracking UID
        00640002 SQ DeformableRegistrationSequence|Deformable Registration Sequence
        00640003 UI SourceFrameOfReferenceUID|Source Frame of Reference UID
        00640005 SQ DeformableRegistrationGridSequence|Deformable Registration Grid Sequence
        00640007 UL GridDimensions|Grid Dimensions
        00640008 FD GridResolution|Grid Resolution
        00640009 OF VectorGridData|Vector Grid Data
        0064000F SQ PreDeformationMatrixRegistrationSequence|Pre Deformation Matrix Registration Sequence
        00640010 SQ PostDeformationMatrixRegistrationSequence|Post Deformation Matrix Registration Sequence
        00660001 UL NumberOfSurfaces|Number of Surfaces
        00660002 SQ SurfaceSequence|Surface Sequence
        00660003 UL SurfaceNumber|Surface Number
        00660004 LT SurfaceComments|Surface Comments
        00660009 CS SurfaceProcessing|Surface Processing
        0066000A FL SurfaceProcessingRatio|Surface Processing Ratio
        0066000B LO SurfaceProcessingDescription|Surface Processing Description
        0066000C FL RecommendedPresentationOpacity|Recommended Presentation Opacity
        0066000D CS RecommendedPresentationType|Recommended Presentation Type
        0066000E CS FiniteVolume|Finite Volume
        00660010 CS Manifold|Manifold
        00660011 SQ SurfacePointsSequence|Surface Points Sequence
        00660012 SQ SurfacePointsNormalsSequence|Surface Points Normals Sequence
        00660013 SQ SurfaceMeshPrimitivesSequence|Surface Mesh Primitives Sequence
        00660015 UL NumberOfSurfacePoints|Number of Surface Points
        00660016 OF PointCoordinatesData|Point Coordinates Data
        00660017 FL PointPositionAccuracy|Point Position Accuracy
        00660018 FL MeanPointDistance|Mean Point Distance
        00660019 FL MaximumPointDistance|Maximum Point Distance
        0066001A FL PointsBoundingBoxCoordinates|Points Bounding Box Coordinates
        0066001B FL AxisOfRotation|Axis of Rotation
        0066001C FL CenterOfRotation|Center of Rotation
        0066001E UL NumberOfVectors|Number of Vectors
        0066001F US VectorDimensionality|Vector Dimensionality
        00660020 FL VectorAccuracy|Vector Accuracy
        00660021 OF VectorCoordinateData|Vector Coordinate Data
        00660022 OD DoublePointCoordinatesData|Double Point Coordinates Data
        00660023 OW TrianglePointIndexList|Triangle Point Index List
        00660024 OW EdgePointIndexList|Edge Point Index List
        00660025 OW VertexPointIndexList|Vertex Point Index List
        00660026 SQ TriangleStripSequence|Triangle Strip Sequence
        00660027 SQ TriangleFanSequence|Triangle Fan Sequence
        00660028 SQ LineSequence|Line Sequence
        00660029 OW PrimitivePointIndexList|Primitive Point Index List
        0066002A UL SurfaceCount|Surface Count
        0066002B SQ ReferencedSurfaceSequence|Referenced Surface Sequence
        0066002C UL ReferencedSurfaceNumber|Referenced Surface Number
        0066002D SQ SegmentSurfaceGenerationAlgorithmIdentificationSequence|Segment Surface Generation Algorithm Identification Sequence
        0066002E SQ SegmentSurfaceSourceInstanceSequence|Segment Surface Source Instance Sequence
        0066002F SQ AlgorithmFamilyCodeSequence|Algorithm Family Code Sequence
        00660030 SQ AlgorithmNameCodeSequence|Algorithm Name Code Sequence
        00660031 LO AlgorithmVersion|Algorithm Version
        00660032 LT AlgorithmParameters|Algorithm Parameters
        00660034 SQ FacetSequence|Facet Sequence
        00660035 SQ SurfaceProcessingAlgorithmIdentificationSequence|Surface Processing Algorithm Identification Sequence
        00660036 LO AlgorithmName|Algorithm Name
        00660037 FL RecommendedPointRadius|Recommended Point Radius
        00660038 FL RecommendedLineThickness|Recommended Line Thickness
        00660040 OL LongPrimitivePointIndexList|Long Primitive Point Index List
        00660041 OL LongTrianglePointIndexList|Long Triangle Point Index List
        00660042 OL LongEdgePointIndexList|Long Edge Point Index List
        00660043 OL LongVertexPointIndexList|Long Vertex Point Index List
        00660101 SQ TrackSetSequence|Track Set Sequence
        00660102 SQ TrackSequence|Track Sequence
        00660103 OW RecommendedDisplayCIELabValueList|Recommended Display CIELab Value List
        00660104 SQ TrackingAlgorithmIdentificationSequence|Tracking Algorithm Identification Sequence
        00660105 UL TrackSetNumber|Track Set Number
        00660106 LO TrackSetLabel|Track Set Label
        00660107 UT TrackSetDescription|Track Set Description
        00660108 SQ TrackSetAnatomicalTypeCodeSequence|Track Set Anatomical Type Code Sequence
        00660121 SQ MeasurementsSequence|Measurements Sequence
        00660124 SQ TrackSetStatisticsSequence|Track Set Statistics Sequence
        00660125 OF FloatingPointValues|Floating Point Values
        00660129 OL TrackPointIndexList|Track Point Index List
        00660130 SQ TrackStatisticsSequence|Track Statistics Sequence
        00660132 SQ MeasurementValuesSequence|Measurement Values Sequence
        00660133 SQ DiffusionAcquisitionCodeSequence|Diffusion Acquisition Code Sequence
        00660134 SQ DiffusionModelCodeSequence|Diffusion Model Code Sequence
        00686210 LO ImplantSize|Implant Size
        00686221 LO ImplantTemplateVersion|Implant Template Version
        00686222 SQ ReplacedImplantTemplateSequence|Replaced Implant Template Sequence
        00686223 CS ImplantType|Implant Type
        00686224 SQ DerivationImplantTemplateSequence|Derivation Implant Template Sequence
        00686225 SQ OriginalImplantTemplateSequence|Original Implant Template Sequence
        00686226 DT EffectiveDateTime|Effective DateTime
        00686230 SQ ImplantTargetAnatomySequence|Implant Target Anatomy Sequence
        00686260 SQ InformationFromManufacturerSequence|Information From Manufacturer Sequence
        00686265 SQ NotificationFromManufacturerSequence|Notification From Manufacturer Sequence
        00686270 DT InformationIssueDateTime|Information Issue DateTime
        00686280 ST InformationSummary|Information Summary
        006862A0 SQ ImplantRegulatoryDisapprovalCodeSequence|Implant Regulatory Disapproval Code Sequence
        006862A5 FD OverallTemplateSpatialTolerance|Overall Template Spatial Tolerance
        006862C0 SQ HPGLDocumentSequence|HPGL Document Sequence
        006862D0 US HPGLDocumentID|HPGL Document ID
        006862D5 LO HPGLDocumentLabel|HPGL Document Label
        006862E0 SQ ViewOrientationCodeSequence|View Orientation Code Sequence
        006862F0 SQ ViewOrientationModifierCodeSequence|View Orientation Modifier Code Sequence
        006862F2 FD HPGLDocumentScaling|HPGL Document Scaling
        00686300 OB HPGLDocument|HPGL Document
        00686310 US HPGLContourPenNumber|HPGL Contour Pen Number
        00686320 SQ HPGLPenSequence|HPGL Pen Sequence
        00686330 US HPGLPenNumber|HPGL Pen Number
        00686340 LO HPGLPenLabel|HPGL Pen Label
        00686345 ST HPGLPenDescription|HPGL Pen Description
        00686346 FD RecommendedRotationPoint|Recommended Rotation Point
        00686347 FD BoundingRectangle|Bounding Rectangle
        00686350 US ImplantTemplate3DModelSurfaceNumber|Implant Template 3D Model Surface Number
        00686360 SQ SurfaceModelDescriptionSequence|Surface Model Description Sequence
        00686380 LO SurfaceModelLabel|Surface Model Label
        00686390 FD SurfaceModelScalingFactor|Surface Model Scaling Factor
        006863A0 SQ MaterialsCodeSequence|Materials Code Sequence
        006863A4 SQ CoatingMaterialsCodeSequence|Coating Materials Code Sequence
        006863A8 SQ ImplantTypeCodeSequence|Implant Type Code Sequence
        006863AC SQ FixationMethodCodeSequence|Fixation Method Code Sequence
        006863B0 SQ MatingFeatureSetsSequence|Mating Feature Sets Sequence
        006863C0 US MatingFeatureSetID|Mating Feature Set ID
        006863D0 LO MatingFeatureSetLabel|Mating Feature Set Label
        006863E0 SQ MatingFeatureSequence|Mating Feature Sequence
        006863F0 US MatingFeatureID|Mating Feature ID
        00686400 SQ MatingFeatureDegreeOfFreedomSequence|Mating Feature Degree of Freedom Sequence
        00686410 US DegreeOfFreedomID|Degree of Freedom ID
        00686420 CS DegreeOfFreedomType|Degree of Freedom Type
        00686430 SQ TwoDMatingFeatureCoordinatesSequence|2D Mating Feature Coordinates Sequence
        00686440 US ReferencedHPGLDocumentID|Referenced HPGL Document ID
        00686450 FD TwoDMatingPoint|2D Mating Point
        00686460 FD TwoDMatingAxes|2D Mating Axes
        00686470 SQ TwoDDegreeOfFreedomSequence|2D Degree of Freedom Sequence
        00686490 FD ThreeDDegreeOfFreedomAxis|3D Degree of Freedom Axis
        006864A0 FD RangeOfFreedom|Range of Freedom
        006864C0 FD ThreeDMatingPoint|3D Mating Point
        006864D0 FD ThreeDMatingAxes|3D Mating Axes
        006864F0 FD TwoDDegreeOfFreedomAxis|2D Degree of Freedom Axis
        00686500 SQ PlanningLandmarkPointSequence|Planning Landmark Point Sequence
        00686510 SQ PlanningLandmarkLineSequence|Planning Landmark Line Sequence
        00686520 SQ PlanningLandmarkPlaneSequence|Planning Landmark Plane Sequence
        00686530 US PlanningLandmarkID|Planning Landmark ID
        00686540 LO PlanningLandmarkDescription|Planning Landmark Description
        00686545 SQ PlanningLandmarkIdentificationCodeSequence|Planning Landmark Identification Code Sequence
        00686550 SQ TwoDPointCoordinatesSequence|2D Point Coordinates Sequence
        00686560 FD TwoDPointCoordinates|2D Point Coordinates
        00686590 FD ThreeDPointCoordinates|3D Point Coordinates
        006865A0 SQ TwoDLineCoordinatesSequence|2D Line Coordinates Sequence
        006865B0 FD TwoDLineCoordinates|2D Line Coordinates
        006865D0 FD ThreeDLineCoordinates|3D Line Coordinates
        006865E0 SQ TwoDPlaneCoordinatesSequence|2D Plane Coordinates Sequence
        006865F0 FD TwoDPlaneIntersection|2D Plane Intersection
        00686610 FD ThreeDPlaneOrigin|3D Plane Origin
        00686620 FD ThreeDPlaneNormal|3D Plane Normal
        00687001 CS ModelModification|Model Modification
        00687002 CS ModelMirroring|Model Mirroring
        00687003 SQ ModelUsageCodeSequence|Model Usage Code Sequence
        00687004 UI ModelGroupUID|Model Group UID
        00687005 UR RelativeURIReferenceWithinEncapsulatedDocument|Relative URI Reference Within Encapsulated Document
        006A0001 CS AnnotationCoordinateType|Annotation Coordinate Type
        006A0002 SQ AnnotationGroupSequence|Annotation Group Sequence
        006A0003 UI AnnotationGroupUID|Annotation Group UID
        006A0005 LO AnnotationGroupLabel|Annotation Group Label
        006A0006 UT AnnotationGroupDescription|Annotation Group Description
        006A0007 CS AnnotationGroupGenerationType|Annotation Group Generation Type
        006A0008 SQ AnnotationGroupAlgorithmIdentificationSequence|Annotation Group Algorithm Identification Sequence
        006A0009 SQ AnnotationPropertyCategoryCodeSequence|Annotation Property Category Code Sequence
        006A000A SQ AnnotationPropertyTypeCodeSequence|Annotation Property Type Code Sequence
        006A000B SQ AnnotationPropertyTypeModifierCodeSequence|Annotation Property Type Modifier Code Sequence
        006A000C UL NumberOfAnnotations|Number of Annotations
        006A000D CS AnnotationAppliesToAllOpticalPaths|Annotation Applies to All Optical Paths
        006A000E SH ReferencedOpticalPathIdentifier|Referenced Optical Path Identifier
        006A000F CS AnnotationAppliesToAllZPlanes|Annotation Applies to All Z Planes
        006A0010 FD CommonZCoordinateValue|Common Z Coordinate Value
        006A0011 OL AnnotationIndexList|Annotation Index List
        00700001 SQ GraphicAnnotationSequence|Graphic Annotation Sequence
        00700002 CS GraphicLayer|Graphic Layer
        00700003 CS BoundingBoxAnnotationUnits|Bounding Box Annotation Units
        00700004 CS AnchorPointAnnotationUnits|Anchor Point Annotation Units
        00700005 CS GraphicAnnotationUnits|Graphic Annotation Units
        00700006 ST UnformattedTextValue|Unformatted Text Value
        00700008 SQ TextObjectSequence|Text Object Sequence
        00700009 SQ GraphicObjectSequence|Graphic Object Sequence
        00700010 FL BoundingBoxTopLeftHandCorner|Bounding Box Top Left Hand Corner
        00700011 FL BoundingBoxBottomRightHandCorner|Bounding Box Bottom Right Hand Corner
        00700012 CS BoundingBoxTextHorizontalJustification|Bounding Box Text Horizontal Justification
        00700014 FL AnchorPoint|Anchor Point
        00700015 CS AnchorPointVisibility|Anchor Point Visibility
        00700020 US GraphicDimensions|Graphic Dimensions
        00700021 US NumberOfGraphicPoints|Number of Graphic Points
        00700022 FL GraphicData|Graphic Data
        00700023 CS GraphicType|Graphic Type
        00700024 CS GraphicFilled|Graphic Filled
        00700040 IS ImageRotationRetired|Image Rotation (Retired)
        00700041 CS ImageHorizontalFlip|Image Horizontal Flip
        00700042 US ImageRotation|Image Rotation
        00700050 US DisplayedAreaTopLeftHandCornerTrial|Displayed Area Top Left Hand Corner (Trial)
        00700051 US DisplayedAreaBottomRightHandCornerTrial|Displayed Area Bottom Right Hand Corner (Trial)
        00700052 SL DisplayedAreaTopLeftHandCorner|Displayed Area Top Left Hand Corner
        00700053 SL DisplayedAreaBottomRightHandCorner|Displayed Area Bottom Right Hand Corner
        0070005A SQ DisplayedAreaSelectionSequence|Displayed Area Selection Sequence
        00700060 SQ GraphicLayerSequence|Graphic Layer Sequence
        00700062 IS GraphicLayerOrder|Graphic Layer Order
        00700066 US GraphicLayerRecommendedDisplayGrayscaleValue|Graphic Layer Recommended Display Grayscale Value
        00700067 US GraphicLayerRecommendedDisplayRGBValue|Graphic Layer Recommended Display RGB Value
        00700068 LO GraphicLayerDescription|Graphic Layer Description
        00700080 CS ContentLabel|Content Label
        00700081 LO ContentDescription|Content Description
        00700082 DA PresentationCreationDate|Presentation Creation Date
        00700083 TM PresentationCreationTime|Presentation Creation Time
        00700084 PN ContentCreatorName|Content Creator's Name
        00700086 SQ ContentCreatorIdentificationCodeSequence|Content Creator's Identification Code Sequence
        00700087 SQ AlternateContentDescriptionSequence|Alternate Content Description Sequence
        00700100 CS PresentationSizeMode|Presentation Size Mode
        00700101 DS PresentationPixelSpacing|Presentation Pixel Spacing
        00700102 IS PresentationPixelAspectRatio|Presentation Pixel Aspect Ratio
        00700103 FL PresentationPixelMagnificationRatio|Presentation Pixel Magnification Ratio
        00700207 LO GraphicGroupLabel|Graphic Group Label
        00700208 ST GraphicGroupDescription|Graphic Group Description
        00700209 SQ CompoundGraphicSequence|Compound Graphic Sequence
        00700226 UL CompoundGraphicInstanceID|Compound Graphic Instance ID
        00700227 LO FontName|Font Name
        00700228 CS FontNameType|Font Name Type
        00700229 LO CSSFontName|CSS Font Name
        00700230 FD RotationAngle|Rotation Angle
        00700231 SQ TextStyleSequence|Text Style Sequence
        00700232 SQ LineStyleSequence|Line Style Sequence
        00700233 SQ FillStyleSequence|Fill Style Sequence
        00700234 SQ GraphicGroupSequence|Graphic Group Sequence
        00700241 US TextColorCIELabValue|Text Color CIELab Value
        00700242 CS HorizontalAlignment|Horizontal Alignment
        00700243 CS VerticalAlignment|Vertical Alignment
        00700244 CS ShadowStyle|Shadow Style
        00700245 FL ShadowOffsetX|Shadow Offset X
        00700246 FL ShadowOffsetY|Shadow Offset Y
        00700247 US ShadowColorCIELabValue|Shadow Color CIELab Value
        00700248 CS Underlined|Underlined
        00700249 CS Bold|Bold
        00700250 CS Italic|Italic
        00700251 US PatternOnColorCIELabValue|Pattern On Color CIELab Value
        00700252 US PatternOffColorCIELabValue|Pattern Off Color CIELab Value
        00700253 FL LineThickness|Line Thickness
        00700254 CS LineDashingStyle|Line Dashing Style
        00700255 UL LinePattern|Line Pattern
        00700256 OB FillPattern|Fill Pattern
        00700257 CS FillMode|Fill Mode
        00700258 FL ShadowOpacity|Shadow Opacity
        00700261 FL GapLength|Gap Length
        00700262 FL DiameterOfVisibility|Diameter of Visibility
        00700273 FL RotationPoint|Rotation Point
        00700274 CS TickAlignment|Tick Alignment
        00700278 CS ShowTickLabel|Show Tick Label
        00700279 CS TickLabelAlignment|Tick Label Alignment
        00700282 CS CompoundGraphicUnits|Compound Graphic Units
        00700284 FL PatternOnOpacity|Pattern On Opacity
        00700285 FL PatternOffOpacity|Pattern Off Opacity
        00700287 SQ MajorTicksSequence|Major Ticks Sequence
        00700288 FL TickPosition|Tick Position
        00700289 SH TickLabel|Tick Label
        00700294 CS CompoundGraphicType|Compound Graphic Type
        00700295 UL GraphicGroupID|Graphic Group ID
        00700306 CS ShapeType|Shape Type
        00700308 SQ RegistrationSequence|Registration Sequence
        00700309 SQ MatrixRegistrationSequence|Matrix Registration Sequence
        0070030A SQ MatrixSequence|Matrix Sequence
        0070030B FD FrameOfReferenceToDisplayedCoordinateSystemTransformationMatrix|Frame of Reference to Displayed Coordinate System Transformation Matrix
        0070030C CS FrameOfReferenceTransformationMatrixType|Frame of Reference Transformation Matrix Type
        0070030D SQ RegistrationTypeCodeSequence|Registration Type Code Sequence
        0070030F ST FiducialDescription|Fiducial Description
        00700310 SH FiducialIdentifier|Fiducial Identifier
        00700311 SQ FiducialIdentifierCodeSequence|Fiducial Identifier Code Sequence
        00700312 FD ContourUncertaintyRadius|Contour Uncertainty Radius
        00700314 SQ UsedFiducialsSequence|Used Fiducials Sequence
        00700315 SQ UsedRTStructureSetROISequence|Used RT Structure Set ROI Sequence
        00700318 SQ GraphicCoordinatesDataSequence|Graphic Coordinates Data Sequence
        0070031A UI FiducialUID|Fiducial UID
        0070031B UI ReferencedFiducialUID|Referenced Fiducial UID
        0070031C SQ FiducialSetSequence|Fiducial Set Sequence
        0070031E SQ FiducialSequence|Fiducial Sequence
        0070031F SQ FiducialsPropertyCategoryCodeSequence|Fiducials Property Category Code Sequence
        00700401 US GraphicLayerRecommendedDisplayCIELabValue|Graphic Layer Recommended Display CIELab Value
        00700402 SQ BlendingSequence|Blending Sequence
        00700403 FL RelativeOpacity|Relative Opacity
        00700404 SQ ReferencedSpatialRegistrationSequence|Referenced Spatial Registration Sequence
        00700405 CS BlendingPosition|Blending Position
        00701101 UI PresentationDisplayCollectionUID|Presentation Display Collection UID
        00701102 UI PresentationSequenceCollectionUID|Presentation Sequence Collection UID
        00701103 US PresentationSequencePositionIndex|Presentation Sequence Position Index
        00701104 SQ RenderedImageReferenceSequence|Rendered Image Reference Sequence
        00701201 SQ VolumetricPresentationStateInputSequence|Volumetric Presentation State Input Sequence
        00701202 CS PresentationInputType|Presentation Input Type
        00701203 US InputSequencePositionIndex|Input Sequence Position Index
        00701204 CS Crop|Crop
        00701205 US CroppingSpecificationIndex|Cropping Specification Index
        00701206 CS CompositingMethod|Compositing Method
        00701207 US VolumetricPresentationInputNumber|Volumetric Presentation Input Number
        00701208 CS ImageVolumeGeometry|Image Volume Geometry
        00701209 UI VolumetricPresentationInputSetUID|Volumetric Presentation Input Set UID
        0070120A SQ VolumetricPresentationInputSetSequence|Volumetric Presentation Input Set Sequence
        0070120B CS GlobalCrop|Global Crop
        0070120C US GlobalCroppingSpecificationIndex|Global Cropping Specification Index
        0070120D CS RenderingMethod|Rendering Method
        00701301 SQ VolumeCroppingSequence|Volume Cropping Sequence
        00701302 CS VolumeCroppingMethod|Volume Cropping Method
        00701303 FD BoundingBoxCrop|Bounding Box Crop
        00701304 SQ ObliqueCroppingPlaneSequence|Oblique Cropping Plane Sequence
        00701305 FD Plane|Plane
        00701306 FD PlaneNormal|Plane Normal
        00701309 US CroppingSpecificationNumber|Cropping Specification Number
        00701501 CS MultiPlanarReconstructionStyle|Multi-Planar Reconstruction Style
        00701502 CS MPRThicknessType|MPR Thickness Type
        00701503 FD MPRSlabThickness|MPR Slab Thickness
        00701505 FD MPRTopLeftHandCorner|MPR Top Left Hand Corner
        00701507 FD MPRViewWidthDirection|MPR View Width Direction
        00701508 FD MPRViewWidth|MPR View Width
        0070150C UL NumberOfVolumetricCurvePoints|Number of Volumetric Curve Points
        0070150D OD VolumetricCurvePoints|Volumetric Curve Points
        00701511 FD MPRViewHeightDirection|MPR View Height Direction
        00701512 FD MPRViewHeight|MPR View Height
        00701602 CS RenderProjection|Render Projection
        00701603 FD ViewpointPosition|Viewpoint Position
        00701604 FD ViewpointLookAtPoint|Viewpoint LookAt Point
        00701605 FD ViewpointUpDirection|Viewpoint Up Direction
        00701606 FD RenderFieldOfView|Render Field of View
        00701607 FD SamplingStepSize|Sampling Step Size
        00701701 CS ShadingStyle|Shading Style
        00701702 FD AmbientReflectionIntensity|Ambient Reflection Intensity
        00701703 FD LightDirection|Light Direction
        00701704 FD DiffuseReflectionIntensity|Diffuse Reflection Intensity
        00701705 FD SpecularReflectionIntensity|Specular Reflection Intensity
        00701706 FD Shininess|Shininess
        00701801 SQ PresentationStateClassificationComponentSequence|Presentation State Classification Component Sequence
        00701802 CS ComponentType|Component Type
        00701803 SQ ComponentInputSequence|Component Input Sequence
        00701804 US VolumetricPresentationInputIndex|Volumetric Presentation Input Index
        00701805 SQ PresentationStateCompositorComponentSequence|Presentation State Compositor Component Sequence
        00701806 SQ WeightingTransferFunctionSequence|Weighting Transfer Function Sequence
        00701807 US WeightingLookupTableDescriptor|Weighting Lookup Table Descriptor
        00701808 OB WeightingLookupTableData|Weighting Lookup Table Data
        00701901 SQ VolumetricAnnotationSequence|Volumetric Annotation Sequence
        00701903 SQ ReferencedStructuredContextSequence|Referenced Structured Context Sequence
        00701904 UI ReferencedContentItem|Referenced Content Item
        00701905 SQ VolumetricPresentationInputAnnotationSequence|Volumetric Presentation Input Annotation Sequence
        00701907 CS AnnotationClipping|Annotation Clipping
        00701A01 CS PresentationAnimationStyle|Presentation Animation Style
        00701A03 FD RecommendedAnimationRate|Recommended Animation Rate
        00701A04 SQ AnimationCurveSequence|Animation Curve Sequence
        00701A05 FD AnimationStepSize|Animation Step Size
        00701A06 FD SwivelRange|Swivel Range
        00701A07 OD VolumetricCurveUpDirections|Volumetric Curve Up Directions
        00701A08 SQ VolumeStreamSequence|Volume Stream Sequence
        00701A09 LO RGBATransferFunctionDescription|RGBA Transfer Function Description
        00701B01 SQ AdvancedBlendingSequence|Advanced Blending Sequence
        00701B02 US BlendingInputNumber|Blending Input Number
        00701B03 SQ BlendingDisplayInputSequence|Blending Display Input Sequence
        00701B04 SQ BlendingDisplaySequence|Blending Display Sequence
        00701B06 CS BlendingMode|Blending Mode
        00701B07 CS TimeSeriesBlending|Time Series Blending
        00701B08 CS GeometryForDisplay|Geometry for Display
        00701B11 SQ ThresholdSequence|Threshold Sequence
        00701B12 SQ ThresholdValueSequence|Threshold Value Sequence
        00701B13 CS ThresholdType|Threshold Type
        00701B14 FD ThresholdValue|Threshold Value
        00720002 SH HangingProtocolName|Hanging Protocol Name
        00720004 LO HangingProtocolDescription|Hanging Protocol Description
        00720006 CS HangingProtocolLevel|Hanging Protocol Level
        00720008 LO HangingProtocolCreator|Hanging Protocol Creator
        0072000A DT HangingProtocolCreationDateTime|Hanging Protocol Creation DateTime
        0072000C SQ HangingProtocolDefinitionSequence|Hanging Protocol Definition Sequence
        0072000E SQ HangingProtocolUserIdentificationCodeSequence|Hanging Protocol User Identification Code Sequence
        00720010 LO HangingProtocolUserGroupName|Hanging Protocol User Group Name
        00720012 SQ SourceHangingProtocolSequence|Source Hanging Protocol Sequence
        00720014 US NumberOfPriorsReferenced|Number of Priors Referenced
        00720020 SQ ImageSetsSequence|Image Sets Sequence
        00720022 SQ ImageSetSelectorSequence|Image Set Selector Sequence
        00720024 CS ImageSetSelectorUsageFlag|Image Set Selector Usage Flag
        00720026 AT SelectorAttribute|Selector Attribute
        00720028 US SelectorValueNumber|Selector Value Number
        00720030 SQ TimeBasedImageSetsSequence|Time Based Image Sets Sequence
        00720032 US ImageSetNumber|Image Set Number
        00720034 CS ImageSetSelectorCategory|Image Set Selector Category
        00720038 US RelativeTime|Relative Time
        0072003A CS RelativeTimeUnits|Relative Time Units
        0072003C SS AbstractPriorValue|Abstract Prior Value
        0072003E SQ AbstractPriorCodeSequence|Abstract Prior Code Sequence
        00720040 LO ImageSetLabel|Image Set Label
        00720050 CS SelectorAttributeVR|Selector Attribute VR
        00720052 AT SelectorSequencePointer|Selector Sequence Pointer
        00720054 LO SelectorSequencePointerPrivateCreator|Selector Sequence Pointer Private Creator
        00720056 LO SelectorAttributePrivateCreator|Selector Attribute Private Creator
        0072005E AE SelectorAEValue|Selector AE Value
        0072005F AS SelectorASValue|Selector AS Value
        00720060 AT SelectorATValue|Selector AT Value
        00720061 DA SelectorDAValue|Selector DA Value
        00720062 CS SelectorCSValue|Selector CS Value
        00720063 DT SelectorDTValue|Selector DT Value
        00720064 IS SelectorISValue|Selector IS Value
        00720065 OB SelectorOBValue|Selector OB Value
        00720066 LO SelectorLOValue|Selector LO Value
        00720067 OF SelectorOFValue|Selector OF Value
        00720068 LT SelectorLTValue|Selector LT Value
        00720069 OW SelectorOWValue|Selector OW Value
        0072006A PN SelectorPNValue|Selector PN Value
        0072006B TM SelectorTMValue|Selector TM Value
        0072006C SH SelectorSHValue|Selector SH Value
        0072006D UN SelectorUNValue|Selector UN Value
        0072006E ST SelectorSTValue|Selector ST Value
        0072006F UC SelectorUCValue|Selector UC Value
        00720070 UT SelectorUTValue|Selector UT Value
        00720071 UR SelectorURValue|Selector UR Value
        00720072 DS SelectorDSValue|Selector DS Value
        00720073 OD SelectorODValue|Selector OD Value
        00720074 FD SelectorFDValue|Selector FD Value
        00720075 OL SelectorOLValue|Selector OL Value
        00720076 FL SelectorFLValue|Selector FL Value
        00720078 UL SelectorULValue|Selector UL Value
        0072007A US SelectorUSValue|Selector US Value
        0072007C SL SelectorSLValue|Selector SL Value
        0072007E SS SelectorSSValue|Selector SS Value
        0072007F UI SelectorUIValue|Selector UI Value
        00720080 SQ SelectorCodeSequenceValue|Selector Code Sequence Value
        00720081 OV SelectorOVValue|Selector OV Value
        00720082 SV SelectorSVValue|Selector SV Value
        00720083 UV SelectorUVValue|Selector UV Value
        00720100 US NumberOfScreens|Number of Screens
        00720102 SQ NominalScreenDefinitionSequence|Nominal Screen Definition Sequence
        00720104 US NumberOfVerticalPixels|Number of Vertical Pixels
        00720106 US NumberOfHorizontalPixels|Number of Horizontal Pixels
        00720108 FD DisplayEnvironmentSpatialPosition|Display Environment Spatial Position
        0072010A US ScreenMinimumGrayscaleBitDepth|Screen Minimum Grayscale Bit Depth
        0072010C US ScreenMinimumColorBitDepth|Screen Minimum Color Bit Depth
        0072010E US ApplicationMaximumRepaintTime|Application Maximum Repaint Time
        00720200 SQ DisplaySetsSequence|Display Sets Sequence
        00720202 US DisplaySetNumber|Display Set Number
        00720203 LO DisplaySetLabel|Display Set Label
        00720204 US DisplaySetPresentationGroup|Display Set Presentation Group
        00720206 LO DisplaySetPresentationGroupDescription|Display Set Presentation Group Description
        00720208 CS PartialDataDisplayHandling|Partial Data Display Handling
        00720210 SQ SynchronizedScrollingSequence|Synchronized Scrolling Sequence
        00720212 US DisplaySetScrollingGroup|Display Set Scrolling Group
        00720214 SQ NavigationIndicatorSequence|Navigation Indicator Sequence
        00720216 US NavigationDisplaySet|Navigation Display Set
        00720218 US ReferenceDisplaySets|Reference Display Sets
        00720300 SQ ImageBoxesSequence|Image Boxes Sequence
        00720302 US ImageBoxNumber|Image Box Number
        00720304 CS ImageBoxLayoutType|Image Box Layout Type
        00720306 US ImageBoxTileHorizontalDimension|Image Box Tile Horizontal Dimension
        00720308 US ImageBoxTileVerticalDimension|Image Box Tile Vertical Dimension
        00720310 CS ImageBoxScrollDirection|Image Box Scroll Direction
        00720312 CS ImageBoxSmallScrollType|Image Box Small Scroll Type
        00720314 US ImageBoxSmallScrollAmount|Image Box Small Scroll Amount
        00720316 CS ImageBoxLargeScrollType|Image Box Large Scroll Type
        00720318 US ImageBoxLargeScrollAmount|Image Box Large Scroll Amount
        00720320 US ImageBoxOverlapPriority|Image Box Overlap Priority
        00720330 FD CineRelativeToRealTime|Cine Relative to Real-Time
        00720400 SQ FilterOperationsSequence|Filter Operations Sequence
        00720402 CS FilterByCategory|Filter-by Category
        00720404 CS FilterByAttributePresence|Filter-by Attribute Presence
        00720406 CS FilterByOperator|Filter-by Operator
        00720420 US StructuredDisplayBackgroundCIELabValue|Structured Display Background CIELab Value
        00720421 US EmptyImageBoxCIELabValue|Empty Image Box CIELab Value
        00720422 SQ StructuredDisplayImageBoxSequence|Structured Display Image Box Sequence
        00720424 SQ StructuredDisplayTextBoxSequence|Structured Display Text Box Sequence
        00720427 SQ ReferencedFirstFrameSequence|Referenced First Frame Sequence
        00720430 SQ ImageBoxSynchronizationSequence|Image Box Synchronization Sequence
        00720432 US SynchronizedImageBoxList|Synchronized Image Box List
        00720434 CS TypeOfSynchronization|Type of Synchronization
        00720500 CS BlendingOperationType|Blending Operation Type
        00720510 CS ReformattingOperationType|Reformatting Operation Type
        00720512 FD ReformattingThickness|Reformatting Thickness
        00720514 FD ReformattingInterval|Reformatting Interval
        00720516 CS ReformattingOperationInitialViewDirection|Reformatting Operation Initial View Direction
        00720520 CS ThreeDRenderingType|3D Rendering Type
        00720600 SQ SortingOperationsSequence|Sorting Operations Sequence
        00720602 CS SortByCategory|Sort-by Category
        00720604 CS SortingDirection|Sorting Direction
        00720700 CS DisplaySetPatientOrientation|Display Set Patient Orientation
        00720702 CS VOIType|VOI Type
        00720704 CS PseudoColorType|Pseudo-Color Type
        00720705 SQ PseudoColorPaletteInstanceReferenceSequence|Pseudo-Color Palette Instance Reference Sequence
        00720706 CS ShowGrayscaleInverted|Show Grayscale Inverted
        00720710 CS ShowImageTrueSizeFlag|Show Image True Size Flag
        00720712 CS ShowGraphicAnnotationFlag|Show Graphic Annotation Flag
        00720714 CS ShowPatientDemographicsFlag|Show Patient Demographics Flag
        00720716 CS ShowAcquisitionTechniquesFlag|Show Acquisition Techniques Flag
        00720717 CS DisplaySetHorizontalJustification|Display Set Horizontal Justification
        00720718 CS DisplaySetVerticalJustification|Display Set Vertical Justification
        00740120 FD ContinuationStartMeterset|Continuation Start Meterset
        00740121 FD ContinuationEndMeterset|Continuation End Meterset
        00741000 CS ProcedureStepState|Procedure Step State
        00741002 SQ ProcedureStepProgressInformationSequence|Procedure Step Progress Information Sequence
        00741004 DS ProcedureStepProgress|Procedure Step Progress
        00741006 ST ProcedureStepProgressDescription|Procedure Step Progress Description
        00741007 SQ ProcedureStepProgressParametersSequence|Procedure Step Progress Parameters Sequence
        00741008 SQ ProcedureStepCommunicationsURISequence|Procedure Step Communications URI Sequence
        0074100A UR ContactURI|Contact URI
        0074100C LO ContactDisplayName|Contact Display Name
        0074100E SQ ProcedureStepDiscontinuationReasonCodeSequence|Procedure Step Discontinuation Reason Code Sequence
        00741020 SQ BeamTaskSequence|Beam Task Sequence
        00741022 CS BeamTaskType|Beam Task Type
        00741024 IS BeamOrderIndexTrial|Beam Order Index (Trial)
        00741025 CS AutosequenceFlag|Autosequence Flag
        00741026 FD TableTopVerticalAdjustedPosition|Table Top Vertical Adjusted Position
        00741027 FD TableTopLongitudinalAdjustedPosition|Table Top Longitudinal Adjusted Position
        00741028 FD TableTopLateralAdjustedPosition|Table Top Lateral Adjusted Position
        0074102A FD PatientSupportAdjustedAngle|Patient Support Adjusted Angle
        0074102B FD TableTopEccentricAdjustedAngle|Table Top Eccentric Adjusted Angle
        0074102C FD TableTopPitchAdjustedAngle|Table Top Pitch Adjusted Angle
        0074102D FD TableTopRollAdjustedAngle|Table Top Roll Adjusted Angle
        00741030 SQ DeliveryVerificationImageSequence|Delivery Verification Image Sequence
        00741032 CS VerificationImageTiming|Verification Image Timing
        00741034 CS DoubleExposureFlag|Double Exposure Flag
        00741036 CS DoubleExposureOrdering|Double Exposure Ordering
        00741038 DS DoubleExposureMetersetTrial|Double Exposure Meterset (Trial)
        0074103A DS DoubleExposureFieldDeltaTrial|Double Exposure Field Delta (Trial)
        00741040 SQ RelatedReferenceRTImageSequence|Related Reference RT Image Sequence
        00741042 SQ GeneralMachineVerificationSequence|General Machine Verification Sequence
        00741044 SQ ConventionalMachineVerificationSequence|Conventional Machine Verification Sequence
        00741046 SQ IonMachineVerificationSequence|Ion Machine Verification Sequence
        00741048 SQ FailedAttributesSequence|Failed Attributes Sequence
        0074104A SQ OverriddenAttributesSequence|Overridden Attributes Sequence
        0074104C SQ ConventionalControlPointVerificationSequence|Conventional Control Point Verification Sequence
        0074104E SQ IonControlPointVerificationSequence|Ion Control Point Verification Sequence
        00741050 SQ AttributeOccurrenceSequence|Attribute Occurrence Sequence
        00741052 AT AttributeOccurrencePointer|Attribute Occurrence Pointer
        00741054 UL AttributeItemSelector|Attribute Item Selector
        00741056 LO AttributeOccurrencePrivateCreator|Attribute Occurrence Private Creator
        00741057 IS SelectorSequencePointerItems|Selector Sequence Pointer Items
        00741200 CS ScheduledProcedureStepPriority|Scheduled Procedure Step Priority
        00741202 LO WorklistLabel|Worklist Label
        00741204 LO ProcedureStepLabel|Procedure Step Label
        00741210 SQ ScheduledProcessingParametersSequence|Scheduled Processing Parameters Sequence
        00741212 SQ PerformedProcessingParametersSequence|Performed Processing Parameters Sequence
        00741216 SQ UnifiedProcedureStepPerformedProcedureSequence|Unified Procedure Step Performed Procedure Sequence
        00741220 SQ RelatedProcedureStepSequence|Related Procedure Step Sequence
        00741222 LO ProcedureStepRelationshipType|Procedure Step Relationship Type
        00741224 SQ ReplacedProcedureStepSequence|Replaced Procedure Step Sequence
        00741230 LO DeletionLock|Deletion Lock
        00741234 AE ReceivingAE|Receiving AE
        00741236 AE RequestingAE|Requesting AE
        00741238 LT ReasonForCancellation|Reason for Cancellation
        00741242 CS SCPStatus|SCP Status
        00741244 CS SubscriptionListStatus|Subscription List Status
        00741246 CS UnifiedProcedureStepListStatus|Unified Procedure Step List Status
        00741324 UL BeamOrderIndex|Beam Order Index
        00741338 FD DoubleExposureMeterset|Double Exposure Meterset
        0074133A FD DoubleExposureFieldDelta|Double Exposure Field Delta
        00741401 SQ BrachyTaskSequence|Brachy Task Sequence
        00741402 DS ContinuationStartTotalReferenceAirKerma|Continuation Start Total Reference Air Kerma
        00741403 DS ContinuationEndTotalReferenceAirKerma|Continuation End Total Reference Air Kerma
        00741404 IS ContinuationPulseNumber|Continuation Pulse Number
        00741405 SQ ChannelDeliveryOrderSequence|Channel Delivery Order Sequence
        00741406 IS ReferencedChannelNumber|Referenced Channel Number
        00741407 DS StartCumulativeTimeWeight|Start Cumulative Time Weight
        00741408 DS EndCumulativeTimeWeight|End Cumulative Time Weight
        00741409 SQ OmittedChannelSequence|Omitted Channel Sequence
        0074140A CS ReasonForChannelOmission|Reason for Channel Omission
        0074140B LO ReasonForChannelOmissionDescription|Reason for Channel Omission Description
        0074140C IS ChannelDeliveryOrderIndex|Channel Delivery Order Index
        0074140D SQ ChannelDeliveryContinuationSequence|Channel Delivery Continuation Sequence
        0074140E SQ OmittedApplicationSetupSequence|Omitted Application Setup Sequence
        00760001 LO ImplantAssemblyTemplateName|Implant Assembly Template Name
        00760003 LO ImplantAssemblyTemplateIssuer|Implant Assembly Template Issuer
        00760006 LO ImplantAssemblyTemplateVersion|Implant Assembly Template Version
        00760008 SQ ReplacedImplantAssemblyTemplateSequence|Replaced Implant Assembly Template Sequence
        0076000A CS ImplantAssemblyTemplateType|Implant Assembly Template Type
        0076000C SQ OriginalImplantAssemblyTemplateSequence|Original Implant Assembly Template Sequence
        0076000E SQ DerivationImplantAssemblyTemplateSequence|Derivation Implant Assembly Template Sequence
        00760010 SQ ImplantAssemblyTemplateTargetAnatomySequence|Implant Assembly Template Target Anatomy Sequence
        00760020 SQ ProcedureTypeCodeSequence|Procedure Type Code Sequence
        00760030 LO SurgicalTechnique|Surgical Technique
        00760032 SQ ComponentTypesSequence|Component Types Sequence
        00760034 SQ ComponentTypeCodeSequence|Component Type Code Sequence
        00760036 CS ExclusiveComponentType|Exclusive Component Type
        00760038 CS MandatoryComponentType|Mandatory Component Type
        00760040 SQ ComponentSequence|Component Sequence
        00760055 US ComponentID|Component ID
        00760060 SQ ComponentAssemblySequence|Component Assembly Sequence
        00760070 US Component1ReferencedID|Component 1 Referenced ID
        00760080 US Component1ReferencedMatingFeatureSetID|Component 1 Referenced Mating Feature Set ID
        00760090 US Component1ReferencedMatingFeatureID|Component 1 Referenced Mating Feature ID
        007600A0 US Component2ReferencedID|Component 2 Referenced ID
        007600B0 US Component2ReferencedMatingFeatureSetID|Component 2 Referenced Mating Feature Set ID
        007600C0 US Component2ReferencedMatingFeatureID|Component 2 Referenced Mating Feature ID
        00780001 LO ImplantTemplateGroupName|Implant Template Group Name
        00780010 ST ImplantTemplateGroupDescription|Implant Template Group Description
        00780020 LO ImplantTemplateGroupIssuer|Implant Template Group Issuer
        00780024 LO ImplantTemplateGroupVersion|Implant Template Group Version
        00780026 SQ ReplacedImplantTemplateGroupSequence|Replaced Implant Template Group Sequence
        00780028 SQ ImplantTemplateGroupTargetAnatomySequence|Implant Template Group Target Anatomy Sequence
        0078002A SQ ImplantTemplateGroupMembersSequence|Implant Template Group Members Sequence
        0078002E US ImplantTemplateGroupMemberID|Implant Template Group Member ID
        00780050 FD ThreeDImplantTemplateGroupMemberMatchingPoint|3D Implant Template Group Member Matching Point
        00780060 FD ThreeDImplantTemplateGroupMemberMatchingAxes|3D Implant Template Group Member Matching Axes
        00780070 SQ ImplantTemplateGroupMemberMatching2DCoordinatesSequence|Implant Template Group Member Matching 2D Coordinates Sequence
        00780090 FD TwoDImplantTemplateGroupMemberMatchingPoint|2D Implant Template Group Member Matching Point
        007800A0 FD TwoDImplantTemplateGroupMemberMatchingAxes|2D Implant Template Group Member Matching Axes
        007800B0 SQ ImplantTemplateGroupVariationDimensionSequence|Implant Template Group Variation Dimension Sequence
        007800B2 LO ImplantTemplateGroupVariationDimensionName|Implant Template Group Variation Dimension Name
        007800B4 SQ ImplantTemplateGroupVariationDimensionRankSequence|Implant Template Group Variation Dimension Rank Sequence
        007800B6 US ReferencedImplantTemplateGroupMemberID|Referenced Implant Template Group Member ID
        007800B8 US ImplantTemplateGroupVariationDimensionRank|Implant Template Group Variation Dimension Rank
        00800001 SQ SurfaceScanAcquisitionTypeCodeSequence|Surface Scan Acquisition Type Code Sequence
        00800002 SQ SurfaceScanModeCodeSequence|Surface Scan Mode Code Sequence
        00800003 SQ RegistrationMethodCodeSequence|Registration Method Code Sequence
        00800004 FD ShotDurationTime|Shot Duration Time
        00800005 FD ShotOffsetTime|Shot Offset Time
        00800006 US SurfacePointPresentationValueData|Surface Point Presentation Value Data
        00800007 US SurfacePointColorCIELabValueData|Surface Point Color CIELab Value Data
        00800008 SQ UVMappingSequence|UV Mapping Sequence
        00800009 SH TextureLabel|Texture Label
        00800010 OF UValueData|U Value Data
        00800011 OF VValueData|V Value Data
        00800012 SQ ReferencedTextureSequence|Referenced Texture Sequence
        00800013 SQ ReferencedSurfaceDataSequence|Referenced Surface Data Sequence
        00820001 CS AssessmentSummary|Assessment Summary
        00820003 UT AssessmentSummaryDescription|Assessment Summary Description
        00820004 SQ AssessedSOPInstanceSequence|Assessed SOP Instance Sequence
        00820005 SQ ReferencedComparisonSOPInstanceSequence|Referenced Comparison SOP Instance Sequence
        00820006 UL NumberOfAssessmentObservations|Number of Assessment Observations
        00820007 SQ AssessmentObservationsSequence|Assessment Observations Sequence
        00820008 CS ObservationSignificance|Observation Significance
        0082000A UT ObservationDescription|Observation Description
        0082000C SQ StructuredConstraintObservationSequence|Structured Constraint Observation Sequence
        00820010 SQ AssessedAttributeValueSequence|Assessed Attribute Value Sequence
        00820016 LO AssessmentSetID|Assessment Set ID
        00820017 SQ AssessmentRequesterSequence|Assessment Requester Sequence
        00820018 LO SelectorAttributeName|Selector Attribute Name
        00820019 LO SelectorAttributeKeyword|Selector Attribute Keyword
        00820021 SQ AssessmentTypeCodeSequence|Assessment Type Code Sequence
        00820022 SQ ObservationBasisCodeSequence|Observation Basis Code Sequence
        00820023 LO AssessmentLabel|Assessment Label
        00820032 CS ConstraintType|Constraint Type
        00820033 UT SpecificationSelectionGuidance|Specification Selection Guidance
        00820034 SQ ConstraintValueSequence|Constraint Value Sequence
        00820035 SQ RecommendedDefaultValueSequence|Recommended Default Value Sequence
        00820036 CS ConstraintViolationSignificance|Constraint Violation Significance
        00820037 UT ConstraintViolationCondition|Constraint Violation Condition
        00820038 CS ModifiableConstraintFlag|Modifiable Constraint Flag
        00880130 SH StorageMediaFileSetID|Storage Media File-set ID
        00880140 UI StorageMediaFileSetUID|Storage Media File-set UID
        00880200 SQ IconImageSequence|Icon Image Sequence
        00880904 LO TopicTitle|Topic Title
        00880906 ST TopicSubject|Topic Subject
        00880910 LO TopicAuthor|Topic Author
        00880912 LO TopicKeywords|Topic Keywords
        01000410 CS SOPInstanceStatus|SOP Instance Status
        01000420 DT SOPAuthorizationDateTime|SOP Authorization DateTime
        01000424 LT SOPAuthorizationComment|SOP Authorization Comment
        01000426 LO AuthorizationEquipmentCertificationNumber|Authorization Equipment Certification Number
        04000005 US MACIDNumber|MAC ID Number
        04000010 UI MACCalculationTransferSyntaxUID|MAC Calculation Transfer Syntax UID
        04000015 CS MACAlgorithm|MAC Algorithm
        04000020 AT DataElementsSigned|Data Elements Signed
        04000100 UI DigitalSignatureUID|Digital Signature UID
        04000105 DT DigitalSignatureDateTime|Digital Signature DateTime
        04000110 CS CertificateType|Certificate Type
        04000115 OB CertificateOfSigner|Certificate of Signer
        04000120 OB Signature|Signature
        04000305 CS CertifiedTimestampType|Certified Timestamp Type
        04000310 OB CertifiedTimestamp|Certified Timestamp
        04000315 FL |
        04000401 SQ DigitalSignaturePurposeCodeSequence|Digital Signature Purpose Code Sequence
        04000402 SQ ReferencedDigitalSignatureSequence|Referenced Digital Signature Sequence
        04000403 SQ ReferencedSOPInstanceMACSequence|Referenced SOP Instance MAC Sequence
        04000404 OB MAC|MAC
        04000500 SQ EncryptedAttributesSequence|Encrypted Attributes Sequence
        04000510 UI EncryptedContentTransferSyntaxUID|Encrypted Content Transfer Syntax UID
        04000520 OB EncryptedContent|Encrypted Content
        04000550 SQ ModifiedAttributesSequence|Modified Attributes Sequence
        04000551 SQ NonconformingModifiedAttributesSequence|Nonconforming Modified Attributes Sequence
        04000552 OB NonconformingDataElementValue|Nonconforming Data Element Value
        04000561 SQ OriginalAttributesSequence|Original Attributes Sequence
        04000562 DT AttributeModificationDateTime|Attribute Modification DateTime
        04000563 LO ModifyingSystem|Modifying System
        04000564 LO SourceOfPreviousValues|Source of Previous Values
        04000565 CS ReasonForTheAttributeModification|Reason for the Attribute Modification
        04000600 CS InstanceOriginStatus|Instance Origin Status
        20000010 IS NumberOfCopies|Number of Copies
        2000001E SQ PrinterConfigurationSequence|Printer Configuration Sequence
        20000020 CS PrintPriority|Print Priority
        20000030 CS MediumType|Medium Type
        20000040 CS FilmDestination|Film Destination
        20000050 LO FilmSessionLabel|Film Session Label
        20000060 IS MemoryAllocation|Memory Allocation
        20000061 IS MaximumMemoryAllocation|Maximum Memory Allocation
        20000062 CS ColorImagePrintingFlag|Color Image Printing Flag
        20000063 CS CollationFlag|Collation Flag
        20000065 CS AnnotationFlag|Annotation Flag
        20000067 CS ImageOverlayFlag|Image Overlay Flag
        20000069 CS PresentationLUTFlag|Presentation LUT Flag
        2000006A CS ImageBoxPresentationLUTFlag|Image Box Presentation LUT Flag
        200000A0 US MemoryBitDepth|Memory Bit Depth
        200000A1 US PrintingBitDepth|Printing Bit Depth
        200000A2 SQ MediaInstalledSequence|Media Installed Sequence
        200000A4 SQ OtherMediaAvailableSequence|Other Media Available Sequence
        200000A8 SQ SupportedImageDisplayFormatsSequence|Supported Image Display Formats Sequence
        20000500 SQ ReferencedFilmBoxSequence|Referenced Film Box Sequence
        20000510 SQ ReferencedStoredPrintSequence|Referenced Stored Print Sequence
        20100010 ST ImageDisplayFormat|Image Display Format
        20100030 CS AnnotationDisplayFormatID|Annotation Display Format ID
        20100040 CS FilmOrientation|Film Orientation
        20100050 CS FilmSizeID|Film Size ID
        20100052 CS PrinterResolutionID|Printer Resolution ID
        20100054 CS DefaultPrinterResolutionID|Default Printer Resolution ID
        20100060 CS MagnificationType|Magnification Type
        20100080 CS SmoothingType|Smoothing Type
        201000A6 CS DefaultMagnificationType|Default Magnification Type
        201000A7 CS OtherMagnificationTypesAvailable|Other Magnification Types Available
        201000A8 CS DefaultSmoothingType|Default Smoothing Type
        201000A9 CS OtherSmoothingTypesAvailable|Other Smoothing Types Available
        20100100 CS BorderDensity|Border Density
        20100110 CS EmptyImageDensity|Empty Image Density
        20100120 US MinDensity|Min Density
        20100130 US MaxDensity|Max Density
        20100140 CS Trim|Trim
        20100150 ST ConfigurationInformation|Configuration Information
        20100152 LT ConfigurationInformationDescription|Configuration Information Description
        20100154 IS MaximumCollatedFilms|Maximum Collated Films
        2010015E US Illumination|Illumination
        20100160 US ReflectedAmbientLight|Reflected Ambient Light
        20100376 DS PrinterPixelSpacing|Printer Pixel Spacing
        20100500 SQ ReferencedFilmSessionSequence|Referenced Film Session Sequence
        20100510 SQ ReferencedImageBoxSequence|Referenced Image Box Sequence
        20100520 SQ ReferencedBasicAnnotationBoxSequence|Referenced Basic Annotation Box Sequence
        20200010 US ImageBoxPosition|Image Box Position
        20200020 CS Polarity|Polarity
        20200030 DS RequestedImageSize|Requested Image Size
        20200040 CS RequestedDecimateCropBehavior|Requested Decimate/Crop Behavior
        20200050 CS RequestedResolutionID|Requested Resolution ID
        202000A0 CS RequestedImageSizeFlag|Requested Image Size Flag
        202000A2 CS DecimateCropResult|Decimate/Crop Result
        20200110 SQ BasicGrayscaleImageSequence|Basic Grayscale Image Sequence
        20200111 SQ BasicColorImageSequence|Basic Color Image Sequence
        20200130 SQ ReferencedImageOverlayBoxSequence|Referenced Image Overlay Box Sequence
        20200140 SQ ReferencedVOILUTBoxSequence|Referenced VOI LUT Box Sequence
        20300010 US AnnotationPosition|Annotation Position
        20300020 LO TextString|Text String
        20400010 SQ ReferencedOverlayPlaneSequence|Referenced Overlay Plane Sequence
        20400011 US ReferencedOverlayPlaneGroups|Referenced Overlay Plane Groups
        20400020 SQ OverlayPixelDataSequence|Overlay Pixel Data Sequence
        20400060 CS OverlayMagnificationType|Overlay Magnification Type
        20400070 CS OverlaySmoothingType|Overlay Smoothing Type
        20400072 CS OverlayOrImageMagnification|Overlay or Image Magnification
        20400074 US MagnifyToNumberOfColumns|Magnify to Number of Columns
        20400080 CS OverlayForegroundDensity|Overlay Foreground Density
        20400082 CS OverlayBackgroundDensity|Overlay Background Density
        20400090 CS OverlayMode|Overlay Mode
        20400100 CS ThresholdDensity|Threshold Density
        20400500 SQ ReferencedImageBoxSequenceRetired|Referenced Image Box Sequence (Retired)
        20500010 SQ PresentationLUTSequence|Presentation LUT Sequence
        20500020 CS PresentationLUTShape|Presentation LUT Shape
        20500500 SQ ReferencedPresentationLUTSequence|Referenced Presentation LUT Sequence
        21000010 SH PrintJobID|Print Job ID
        21000020 CS ExecutionStatus|Execution Status
        21000030 CS ExecutionStatusInfo|Execution Status Info
        21000040 DA CreationDate|Creation Date
        21000050 TM CreationTime|Creation Time
        21000070 AE Originator|Originator
        21000140 AE DestinationAE|Destination AE
        21000160 SH OwnerID|Owner ID
        21000170 IS NumberOfFilms|Number of Films
        21000500 SQ ReferencedPrintJobSequencePullStoredPrint|Referenced Print Job Sequence (Pull Stored Print)
        21100010 CS PrinterStatus|Printer Status
        21100020 CS PrinterStatusInfo|Printer Status Info
        21100030 LO PrinterName|Printer Name
        21100099 SH PrintQueueID|Print Queue ID
        21200010 CS QueueStatus|Queue Status
        21200050 SQ PrintJobDescriptionSequence|Print Job Description Sequence
        21200070 SQ ReferencedPrintJobSequence|Referenced Print Job Sequence
        21300010 SQ PrintManagementCapabilitiesSequence|Print Management Capabilities Sequence
        21300015 SQ PrinterCharacteristicsSequence|Printer Characteristics Sequence
        21300030 SQ FilmBoxContentSequence|Film Box Content Sequence
        21300040 SQ ImageBoxContentSequence|Image Box Content Sequence
        21300050 SQ AnnotationContentSequence|Annotation Content Sequence
        21300060 SQ ImageOverlayBoxContentSequence|Image Overlay Box Content Sequence
        21300080 SQ PresentationLUTContentSequence|Presentation LUT Content Sequence
        213000A0 SQ ProposedStudySequence|Proposed Study Sequence
        213000C0 SQ OriginalImageSequence|Original Image Sequence
        22000001 CS LabelUsingInformationExtractedFromInstances|Label Using Information Extracted From Instances
        22000002 UT LabelText|Label Text
        22000003 CS LabelStyleSelection|Label Style Selection
        22000004 LT MediaDisposition|Media Disposition
        22000005 LT BarcodeValue|Barcode Value
        22000006 CS BarcodeSymbology|Barcode Symbology
        22000007 CS AllowMediaSplitting|Allow Media Splitting
        22000008 CS IncludeNonDICOMObjects|Include Non-DICOM Objects
        22000009 CS IncludeDisplayApplication|Include Display Application
        2200000A CS PreserveCompositeInstancesAfterMediaCreation|Preserve Composite Instances After Media Creation
        2200000B US TotalNumberOfPiecesOfMediaCreated|Total Number of Pieces of Media Created
        2200000C LO RequestedMediaApplicationProfile|Requested Media Application Profile
        2200000D SQ ReferencedStorageMediaSequence|Referenced Storage Media Sequence
        2200000E AT FailureAttributes|Failure Attributes
        2200000F CS AllowLossyCompression|Allow Lossy Compression
        22000020 CS RequestPriority|Request Priority
        30020002 SH RTImageLabel|RT Image Label
        30020003 LO RTImageName|RT Image Name
        30020004 ST RTImageDescription|RT Image Description
        3002000A CS ReportedValuesOrigin|Reported Values Origin
        3002000C CS RTImagePlane|RT Image Plane
        3002000D DS XRayImageReceptorTranslation|X-Ray Image Receptor Translation
        3002000E DS XRayImageReceptorAngle|X-Ray Image Receptor Angle
        30020010 DS RTImageOrientation|RT Image Orientation
        30020011 DS ImagePlanePixelSpacing|Image Plane Pixel Spacing
        30020012 DS RTImagePosition|RT Image Position
        30020020 SH RadiationMachineName|Radiation Machine Name
        30020022 DS RadiationMachineSAD|Radiation Machine SAD
        30020024 DS RadiationMachineSSD|Radiation Machine SSD
        30020026 DS RTImageSID|RT Image SID
        30020028 DS SourceToReferenceObjectDistance|Source to Reference Object Distance
        30020029 IS FractionNumber|Fraction Number
        30020030 SQ ExposureSequence|Exposure Sequence
        30020032 DS MetersetExposure|Meterset Exposure
        30020034 DS DiaphragmPosition|Diaphragm Position
        30020040 SQ FluenceMapSequence|Fluence Map Sequence
        30020041 CS FluenceDataSource|Fluence Data Source
        30020042 DS FluenceDataScale|Fluence Data Scale
        30020050 SQ PrimaryFluenceModeSequence|Primary Fluence Mode Sequence
        30020051 CS FluenceMode|Fluence Mode
        30020052 SH FluenceModeID|Fluence Mode ID
        30020100 IS SelectedFrameNumber|Selected Frame Number
        30020101 SQ SelectedFrameFunctionalGroupsSequence|Selected Frame Functional Groups Sequence
        30020102 SQ RTImageFrameGeneralContentSequence|RT Image Frame General Content Sequence
        30020103 SQ RTImageFrameContextSequence|RT Image Frame Context Sequence
        30020104 SQ RTImageScopeSequence|RT Image Scope Sequence
        30020105 CS BeamModifierCoordinatesPresenceFlag|Beam Modifier Coordinates Presence Flag
        30020106 FD StartCumulativeMeterset|Start Cumulative Meterset
        30020107 FD StopCumulativeMeterset|Stop Cumulative Meterset
        30020108 SQ RTAcquisitionPatientPositionSequence|RT Acquisition Patient Position Sequence
        30020109 SQ RTImageFrameImagingDevicePositionSequence|RT Image Frame Imaging Device Position Sequence
        3002010A SQ RTImageFramekVRadiationAcquisitionSequence|RT Image Frame kV Radiation Acquisition Sequence
        3002010B SQ RTImageFrameMVRadiationAcquisitionSequence|RT Image Frame MV Radiation Acquisition Sequence
        3002010C SQ RTImageFrameRadiationAcquisitionSequence|RT Image Frame Radiation Acquisition Sequence
        3002010D SQ ImagingSourcePositionSequence|Imaging Source Position Sequence
        3002010E SQ ImageReceptorPositionSequence|Image Receptor Position Sequence
        3002010F FD DevicePositionToEquipmentMappingMatrix|Device Position to Equipment Mapping Matrix
        30020110 SQ DevicePositionParameterSequence|Device Position Parameter Sequence
        30020111 CS ImagingSourceLocationSpecificationType|Imaging Source Location Specification Type
        30020112 SQ ImagingDeviceLocationMatrixSequence|Imaging Device Location Matrix Sequence
        30020113 SQ ImagingDeviceLocationParameterSequence|Imaging Device Location Parameter Sequence
        30020114 SQ ImagingApertureSequence|Imaging Aperture Sequence
        30020115 CS ImagingApertureSpecificationType|Imaging Aperture Specification Type
        30020116 US NumberOfAcquisitionDevices|Number of Acquisition Devices
        30020117 SQ AcquisitionDeviceSequence|Acquisition Device Sequence
        30020118 SQ AcquisitionTaskSequence|Acquisition Task Sequence
        30020119 SQ AcquisitionTaskWorkitemCodeSequence|Acquisition Task Workitem Code Sequence
        3002011A SQ AcquisitionSubtaskSequence|Acquisition Subtask Sequence
        3002011B SQ SubtaskWorkitemCodeSequence|Subtask Workitem Code Sequence
        3002011C US AcquisitionTaskIndex|Acquisition Task Index
        3002011D US AcquisitionSubtaskIndex|Acquisition Subtask Index
        3002011E SQ ReferencedBaselineParametersRTRadiationInstanceSequence|Referenced Baseline Parameters RT Radiation Instance Sequence
        3002011F SQ PositionAcquisitionTemplateIdentificationSequence|Position Acquisition Template Identification Sequence
        30020120 ST PositionAcquisitionTemplateID|Position Acquisition Template ID
        30020121 LO PositionAcquisitionTemplateName|Position Acquisition Template Name
        30020122 SQ PositionAcquisitionTemplateCodeSequence|Position Acquisition Template Code Sequence
        30020123 LT PositionAcquisitionTemplateDescription|Position Acquisition Template Description
        30020124 SQ AcquisitionTaskApplicabilitySequence|Acquisition Task Applicability Sequence
        30020125 SQ ProjectionImagingAcquisitionParameterSequence|Projection Imaging Acquisition Parameter Sequence
        30020126 SQ CTImagingAcquisitionParameterSequence|CT Imaging Acquisition Parameter Sequence
        30020127 SQ KVImagingGenerationParametersSequence|KV Imaging Generation Parameters Sequence
        30020128 SQ MVImagingGenerationParametersSequence|MV Imaging Generation Parameters Sequence
        30020129 CS AcquisitionSignalType|Acquisition Signal Type
        3002012A CS AcquisitionMethod|Acquisition Method
        3002012B SQ ScanStartPositionSequence|Scan Start Position Sequence
        3002012C SQ ScanStopPositionSequence|Scan Stop Position Sequence
        3002012D FD ImagingSourceToBeamModifierDefinitionPlaneDistance|Imaging Source to Beam Modifier Definition Plane Distance
        3002012E CS ScanArcType|Scan Arc Type
        3002012F CS DetectorPositioningType|Detector Positioning Type
        30020130 SQ AdditionalRTAccessoryDeviceSequence|Additional RT Accessory Device Sequence
        30020131 SQ DeviceSpecificAcquisitionParameterSequence|Device-Specific Acquisition Parameter Sequence
        30020132 SQ ReferencedPositionReferenceInstanceSequence|Referenced Position Reference Instance Sequence
        30020133 SQ EnergyDerivationCodeSequence|Energy Derivation Code Sequence
        30020134 FD MaximumCumulativeMetersetExposure|Maximum Cumulative Meterset Exposure
        30020135 SQ AcquisitionInitiationSequence|Acquisition Initiation Sequence
        30040001 CS DVHType|DVH Type
        30040002 CS DoseUnits|Dose Units
        30040004 CS DoseType|Dose Type
        30040005 CS SpatialTransformOfDose|Spatial Transform of Dose
        30040006 LO DoseComment|Dose Comment
        30040008 DS NormalizationPoint|Normalization Point
        3004000A CS DoseSummationType|Dose Summation Type
        3004000C DS GridFrameOffsetVector|Grid Frame Offset Vector
        3004000E DS DoseGridScaling|Dose Grid Scaling
        30040010 SQ RTDoseROISequence|RT Dose ROI Sequence
        30040012 DS DoseValue|Dose Value
        30040014 CS TissueHeterogeneityCorrection|Tissue Heterogeneity Correction
        30040040 DS DVHNormalizationPoint|DVH Normalization Point
        30040042 DS DVHNormalizationDoseValue|DVH Normalization Dose Value
        30040050 SQ DVHSequence|DVH Sequence
        30040052 DS DVHDoseScaling|DVH Dose Scaling
        30040054 CS DVHVolumeUnits|DVH Volume Units
        30040056 IS DVHNumberOfBins|DVH Number of Bins
        30040058 DS DVHData|DVH Data
        30040060 SQ DVHReferencedROISequence|DVH Referenced ROI Sequence
        30040062 CS DVHROIContributionType|DVH ROI Contribution Type
        30040070 DS DVHMinimumDose|DVH Minimum Dose
        30040072 DS DVHMaximumDose|DVH Maximum Dose
        30040074 DS DVHMeanDose|DVH Mean Dose
        30060002 SH StructureSetLabel|Structure Set Label
        30060004 LO StructureSetName|Structure Set Name
        30060006 ST StructureSetDescription|Structure Set Description
        30060008 DA StructureSetDate|Structure Set Date
        30060009 TM StructureSetTime|Structure Set Time
        30060010 SQ ReferencedFrameOfReferenceSequence|Referenced Frame of Reference Sequence
        30060012 SQ RTReferencedStudySequence|RT Referenced Study Sequence
        30060014 SQ RTReferencedSeriesSequence|RT Referenced Series Sequence
        30060016 SQ ContourImageSequence|Contour Image Sequence
        30060018 SQ PredecessorStructureSetSequence|Predecessor Structure Set Sequence
        30060020 SQ StructureSetROISequence|Structure Set ROI Sequence
        30060022 IS ROINumber|ROI Number
        30060024 UI ReferencedFrameOfReferenceUID|Referenced Frame of Reference UID
        30060026 LO ROIName|ROI Name
        30060028 ST ROIDescription|ROI Description
        3006002A IS ROIDisplayColor|ROI Display Color
        3006002C DS ROIVolume|ROI Volume
        3006002D DT ROIDateTime|ROI DateTime
        3006002E DT ROIObservationDateTime|ROI Observation DateTime
        30060030 SQ RTRelatedROISequence|RT Related ROI Sequence
        30060033 CS RTROIRelationship|RT ROI Relationship
        30060036 CS ROIGenerationAlgorithm|ROI Generation Algorithm
        30060037 SQ ROIDerivationAlgorithmIdentificationSequence|ROI Derivation Algorithm Identification Sequence
        30060038 LO ROIGenerationDescription|ROI Generation Description
        30060039 SQ ROIContourSequence|ROI Contour Sequence
        30060040 SQ ContourSequence|Contour Sequence
        30060042 CS ContourGeometricType|Contour Geometric Type
        30060044 DS ContourSlabThickness|Contour Slab Thickness
        30060045 DS ContourOffsetVector|Contour Offset Vector
        30060046 IS NumberOfContourPoints|Number of Contour Points
        30060048 IS ContourNumber|Contour Number
        30060049 IS AttachedContours|Attached Contours
        3006004A SQ SourcePixelPlanesCharacteristicsSequence|Source Pixel Planes Characteristics Sequence
        3006004B SQ SourceSeriesSequence|Source Series Sequence
        3006004C SQ SourceSeriesInformationSequence|Source Series Information Sequence
        3006004D SQ ROICreatorSequence|ROI Creator Sequence
        3006004E SQ ROIInterpreterSequence|ROI Interpreter Sequence
        3006004F SQ ROIObservationContextCodeSequence|ROI Observation Context Code Sequence
        30060050 DS ContourData|Contour Data
        30060080 SQ RTROIObservationsSequence|RT ROI Observations Sequence
        30060082 IS ObservationNumber|Observation Number
        30060084 IS ReferencedROINumber|Referenced ROI Number
        30060085 SH ROIObservationLabel|ROI Observation Label
        30060086 SQ RTROIIdentificationCodeSequence|RT ROI Identification Code Sequence
        30060088 ST ROIObservationDescription|ROI Observation Description
        300600A0 SQ RelatedRTROIObservationsSequence|Related RT ROI Observations Sequence
        300600A4 CS RTROIInterpretedType|RT ROI Interpreted Type
        300600A6 PN ROIInterpreter|ROI Interpreter
        300600B0 SQ ROIPhysicalPropertiesSequence|ROI Physical Properties Sequence
        300600B2 CS ROIPhysicalProperty|ROI Physical Property
        300600B4 DS ROIPhysicalPropertyValue|ROI Physical Property Value
        300600B6 SQ ROIElementalCompositionSequence|ROI Elemental Composition Sequence
        300600B7 US ROIElementalCompositionAtomicNumber|ROI Elemental Composition Atomic Number
        300600B8 FL ROIElementalCompositionAtomicMassFraction|ROI Elemental Composition Atomic Mass Fraction
        300600B9 SQ AdditionalRTROIIdentificationCodeSequence|Additional RT ROI Identification Code Sequence
        300600C0 SQ FrameOfReferenceRelationshipSequence|Frame of Reference Relationship Sequence
        300600C2 UI RelatedFrameOfReferenceUID|Related Frame of Reference UID
        300600C4 CS FrameOfReferenceTransformationType|Frame of Reference Transformation Type
        300600C6 DS FrameOfReferenceTransformationMatrix|Frame of Reference Transformation Matrix
        300600C8 LO FrameOfReferenceTransformationComment|Frame of Reference Transformation Comment
        300600C9 SQ PatientLocationCoordinatesSequence|Patient Location Coordinates Sequence
        300600CA SQ PatientLocationCoordinatesCodeSequence|Patient Location Coordinates Code Sequence
        300600CB SQ PatientSupportPositionSequence|Patient Support Position Sequence
        30080010 SQ MeasuredDoseReferenceSequence|Measured Dose Reference Sequence
        30080012 ST MeasuredDoseDescription|Measured Dose Description
        30080014 CS MeasuredDoseType|Measured Dose Type
        30080016 DS MeasuredDoseValue|Measured Dose Value
        30080020 SQ TreatmentSessionBeamSequence|Treatment Session Beam Sequence
        30080021 SQ TreatmentSessionIonBeamSequence|Treatment Session Ion Beam Sequence
        30080022 IS CurrentFractionNumber|Current Fraction Number
        30080024 DA TreatmentControlPointDate|Treatment Control Point Date
        30080025 TM TreatmentControlPointTime|Treatment Control Point Time
        3008002A CS TreatmentTerminationStatus|Treatment Termination Status
        3008002B SH TreatmentTerminationCode|Treatment Termination Code
        3008002C CS TreatmentVerificationStatus|Treatment Verification Status
        30080030 SQ ReferencedTreatmentRecordSequence|Referenced Treatment Record Sequence
        30080032 DS SpecifiedPrimaryMeterset|Specified Primary Meterset
        30080033 DS SpecifiedSecondaryMeterset|Specified Secondary Meterset
        30080036 DS DeliveredPrimaryMeterset|Delivered Primary Meterset
        30080037 DS DeliveredSecondaryMeterset|Delivered Secondary Meterset
        3008003A DS SpecifiedTreatmentTime|Specified Treatment Time
        3008003B DS DeliveredTreatmentTime|Delivered Treatment Time
        30080040 SQ ControlPointDeliverySequence|Control Point Delivery Sequence
        30080041 SQ IonControlPointDeliverySequence|Ion Control Point Delivery Sequence
        30080042 DS SpecifiedMeterset|Specified Meterset
        30080044 DS DeliveredMeterset|Delivered Meterset
        30080045 FL MetersetRateSet|Meterset Rate Set
        30080046 FL MetersetRateDelivered|Meterset Rate Delivered
        30080047 FL ScanSpotMetersetsDelivered|Scan Spot Metersets Delivered
        30080048 DS DoseRateDelivered|Dose Rate Delivered
        30080050 SQ TreatmentSummaryCalculatedDoseReferenceSequence|Treatment Summary Calculated Dose Reference Sequence
        30080052 DS CumulativeDoseToDoseReference|Cumulative Dose to Dose Reference
        30080054 DA FirstTreatmentDate|First Treatment Date
        30080056 DA MostRecentTreatmentDate|Most Recent Treatment Date
        3008005A IS NumberOfFractionsDelivered|Number of Fractions Delivered
        30080060 SQ OverrideSequence|Override Sequence
        30080061 AT ParameterSequencePointer|Parameter Sequence Pointer
        30080062 AT OverrideParameterPointer|Override Parameter Pointer
        30080063 IS ParameterItemIndex|Parameter Item Index
        30080064 IS MeasuredDoseReferenceNumber|Measured Dose Reference Number
        30080065 AT ParameterPointer|Parameter Pointer
        30080066 ST OverrideReason|Override Reason
        30080067 US ParameterValueNumber|Parameter Value Number
        30080068 SQ CorrectedParameterSequence|Corrected Parameter Sequence
        3008006A FL CorrectionValue|Correction Value
        30080070 SQ CalculatedDoseReferenceSequence|Calculated Dose Reference Sequence
        30080072 IS CalculatedDoseReferenceNumber|Calculated Dose Reference Number
        30080074 ST CalculatedDoseReferenceDescription|Calculated Dose Reference Description
        30080076 DS CalculatedDoseReferenceDoseValue|Calculated Dose Reference Dose Value
        30080078 DS StartMeterset|Start Meterset
        3008007A DS EndMeterset|End Meterset
        30080080 SQ ReferencedMeasuredDoseReferenceSequence|Referenced Measured Dose Reference Sequence
        30080082 IS ReferencedMeasuredDoseReferenceNumber|Referenced Measured Dose Reference Number
        30080090 SQ ReferencedCalculatedDoseReferenceSequence|Referenced Calculated Dose Reference Sequence
        30080092 IS ReferencedCalculatedDoseReferenceNumber|Referenced Calculated Dose Reference Number
        300800A0 SQ BeamLimitingDeviceLeafPairsSequence|Beam Limiting Device Leaf Pairs Sequence
        300800A1 SQ EnhancedRTBeamLimitingDeviceSequence|Enhanced RT Beam Limiting Device Sequence
        300800A2 SQ EnhancedRTBeamLimitingOpeningSequence|Enhanced RT Beam Limiting Opening Sequence
        300800A3 CS EnhancedRTBeamLimitingDeviceDefinitionFlag|Enhanced RT Beam Limiting Device Definition Flag
        300800A4 FD ParallelRTBeamDelimiterOpeningExtents|Parallel RT Beam Delimiter Opening Extents
        300800B0 SQ RecordedWedgeSequence|Recorded Wedge Sequence
        300800C0 SQ RecordedCompensatorSequence|Recorded Compensator Sequence
        300800D0 SQ RecordedBlockSequence|Recorded Block Sequence
        300800D1 SQ RecordedBlockSlabSequence|Recorded Block Slab Sequence
        300800E0 SQ TreatmentSummaryMeasuredDoseReferenceSequence|Treatment Summary Measured Dose Reference Sequence
        300800F0 SQ RecordedSnoutSequence|Recorded Snout Sequence
        300800F2 SQ RecordedRangeShifterSequence|Recorded Range Shifter Sequence
        300800F4 SQ RecordedLateralSpreadingDeviceSequence|Recorded Lateral Spreading Device Sequence
        300800F6 SQ RecordedRangeModulatorSequence|Recorded Range Modulator Sequence
        30080100 SQ RecordedSourceSequence|Recorded Source Sequence
        30080105 LO SourceSerialNumber|Source Serial Number
        30080110 SQ TreatmentSessionApplicationSetupSequence|Treatment Session Application Setup Sequence
        30080116 CS ApplicationSetupCheck|Application Setup Check
        30080120 SQ RecordedBrachyAccessoryDeviceSequence|Recorded Brachy Accessory Device Sequence
        30080122 IS ReferencedBrachyAccessoryDeviceNumber|Referenced Brachy Accessory Device Number
        30080130 SQ RecordedChannelSequence|Recorded Channel Sequence
        30080132 DS SpecifiedChannelTotalTime|Specified Channel Total Time
        30080134 DS DeliveredChannelTotalTime|Delivered Channel Total Time
        30080136 IS SpecifiedNumberOfPulses|Specified Number of Pulses
        30080138 IS DeliveredNumberOfPulses|Delivered Number of Pulses
        3008013A DS SpecifiedPulseRepetitionInterval|Specified Pulse Repetition Interval
        3008013C DS DeliveredPulseRepetitionInterval|Delivered Pulse Repetition Interval
        30080140 SQ RecordedSourceApplicatorSequence|Recorded Source Applicator Sequence
        30080142 IS ReferencedSourceApplicatorNumber|Referenced Source Applicator Number
        30080150 SQ RecordedChannelShieldSequence|Recorded Channel Shield Sequence
        30080152 IS ReferencedChannelShieldNumber|Referenced Channel Shield Number
        30080160 SQ BrachyControlPointDeliveredSequence|Brachy Control Point Delivered Sequence
        30080162 DA SafePositionExitDate|Safe Position Exit Date
        30080164 TM SafePositionExitTime|Safe Position Exit Time
        30080166 DA SafePositionReturnDate|Safe Position Return Date
        30080168 TM SafePositionReturnTime|Safe Position Return Time
        30080171 SQ PulseSpecificBrachyControlPointDeliveredSequence|Pulse Specific Brachy Control Point Delivered Sequence
        30080172 US PulseNumber|Pulse Number
        30080173 SQ BrachyPulseControlPointDeliveredSequence|Brachy Pulse Control Point Delivered Sequence
        30080200 CS CurrentTreatmentStatus|Current Treatment Status
        30080202 ST TreatmentStatusComment|Treatment Status Comment
        30080220 SQ FractionGroupSummarySequence|Fraction Group Summary Sequence
        30080223 IS ReferencedFractionNumber|Referenced Fraction Number
        30080224 CS FractionGroupType|Fraction Group Type
        30080230 CS BeamStopperPosition|Beam Stopper Position
        30080240 SQ FractionStatusSummarySequence|Fraction Status Summary Sequence
        30080250 DA TreatmentDate|Treatment Date
        30080251 TM TreatmentTime|Treatment Time
        300A0002 SH RTPlanLabel|RT Plan Label
        300A0003 LO RTPlanName|RT Plan Name
        300A0004 ST RTPlanDescription|RT Plan Description
        300A0006 DA RTPlanDate|RT Plan Date
        300A0007 TM RTPlanTime|RT Plan Time
        300A0009 LO TreatmentProtocols|Treatment Protocols
        300A000A CS PlanIntent|Plan Intent
        300A000B LO TreatmentSites|Treatment Sites
        300A000C CS RTPlanGeometry|RT Plan Geometry
        300A000E ST PrescriptionDescription|Prescription Description
        300A0010 SQ DoseReferenceSequence|Dose Reference Sequence
        300A0012 IS DoseReferenceNumber|Dose Reference Number
        300A0013 UI DoseReferenceUID|Dose Reference UID
        300A0014 CS DoseReferenceStructureType|Dose Reference Structure Type
        300A0015 CS NominalBeamEnergyUnit|Nominal Beam Energy Unit
        300A0016 LO DoseReferenceDescription|Dose Reference Description
        300A0018 DS DoseReferencePointCoordinates|Dose Reference Point Coordinates
        300A001A DS NominalPriorDose|Nominal Prior Dose
        300A0020 CS DoseReferenceType|Dose Reference Type
        300A0021 DS ConstraintWeight|Constraint Weight
        300A0022 DS DeliveryWarningDose|Delivery Warning Dose
        300A0023 DS DeliveryMaximumDose|Delivery Maximum Dose
        300A0025 DS TargetMinimumDose|Target Minimum Dose
        300A0026 DS TargetPrescriptionDose|Target Prescription Dose
        300A0027 DS TargetMaximumDose|Target Maximum Dose
        300A0028 DS TargetUnderdoseVolumeFraction|Target Underdose Volume Fraction
        300A002A DS OrganAtRiskFullVolumeDose|Organ at Risk Full-volume Dose
        300A002B DS OrganAtRiskLimitDose|Organ at Risk Limit Dose
        300A002C DS OrganAtRiskMaximumDose|Organ at Risk Maximum Dose
        300A002D DS OrganAtRiskOverdoseVolumeFraction|Organ at Risk Overdose Volume Fraction
        300A0040 SQ ToleranceTableSequence|Tolerance Table Sequence
        300A0042 IS ToleranceTableNumber|Tolerance Table Number
        300A0043 SH ToleranceTableLabel|Tolerance Table Label
        300A0044 DS GantryAngleTolerance|Gantry Angle Tolerance
        300A0046 DS BeamLimitingDeviceAngleTolerance|Beam Limiting Device Angle Tolerance
        300A0048 SQ BeamLimitingDeviceToleranceSequence|Beam Limiting Device Tolerance Sequence
        300A004A DS BeamLimitingDevicePositionTolerance|Beam Limiting Device Position Tolerance
        300A004B FL SnoutPositionTolerance|Snout Position Tolerance
        300A004C DS PatientSupportAngleTolerance|Patient Support Angle Tolerance
        300A004E DS TableTopEccentricAngleTolerance|Table Top Eccentric Angle Tolerance
        300A004F FL TableTopPitchAngleTolerance|Table Top Pitch Angle Tolerance
        300A0050 FL TableTopRollAngleTolerance|Table Top Roll Angle Tolerance
        300A0051 DS TableTopVerticalPositionTolerance|Table Top Vertical Position Tolerance
        300A0052 DS TableTopLongitudinalPositionTolerance|Table Top Longitudinal Position Tolerance
        300A0053 DS TableTopLateralPositionTolerance|Table Top Lateral Position Tolerance
        300A0054 UI TableTopPositionAlignmentUID|Table Top Position Alignment UID
        300A0055 CS RTPlanRelationship|RT Plan Relationship
        300A0070 SQ FractionGroupSequence|Fraction Group Sequence
        300A0071 IS FractionGroupNumber|Fraction Group Number
        300A0072 LO FractionGroupDescription|Fraction Group Description
        300A0078 IS NumberOfFractionsPlanned|Number of Fractions Planned
        300A0079 IS NumberOfFractionPatternDigitsPerDay|Number of Fraction Pattern Digits Per Day
        300A007A IS RepeatFractionCycleLength|Repeat Fraction Cycle Length
        300A007B LT FractionPattern|Fraction Pattern
        300A0080 IS NumberOfBeams|Number of Beams
        300A0082 DS BeamDoseSpecificationPoint|Beam Dose Specification Point
        300A0083 UI ReferencedDoseReferenceUID|Referenced Dose Reference UID
        300A0084 DS BeamDose|Beam Dose
        300A0086 DS BeamMeterset|Beam Meterset
        300A0088 FL BeamDosePointDepth|Beam Dose Point Depth
        300A0089 FL BeamDosePointEquivalentDepth|Beam Dose Point Equivalent Depth
        300A008A FL BeamDosePointSSD|Beam Dose Point SSD
        300A008B CS BeamDoseMeaning|Beam Dose Meaning
        300A008C SQ BeamDoseVerificationControlPointSequence|Beam Dose Verification Control Point Sequence
        300A008D FL AverageBeamDosePointDepth|Average Beam Dose Point Depth
        300A008E FL AverageBeamDosePointEquivalentDepth|Average Beam Dose Point Equivalent Depth
        300A008F FL AverageBeamDosePointSSD|Average Beam Dose Point SSD
        300A0090 CS BeamDoseType|Beam Dose Type
        300A0091 DS AlternateBeamDose|Alternate Beam Dose
        300A0092 CS AlternateBeamDoseType|Alternate Beam Dose Type
        300A0093 CS DepthValueAveragingFlag|Depth Value Averaging Flag
        300A0094 DS BeamDosePointSourceToExternalContourDistance|Beam Dose Point Source to External Contour Distance
        300A00A0 IS NumberOfBrachyApplicationSetups|Number of Brachy Application Setups
        300A00A2 DS BrachyApplicationSetupDoseSpecificationPoint|Brachy Application Setup Dose Specification Point
        300A00A4 DS BrachyApplicationSetupDose|Brachy Application Setup Dose
        300A00B0 SQ BeamSequence|Beam Sequence
        300A00B2 SH TreatmentMachineName|Treatment Machine Name
        300A00B3 CS PrimaryDosimeterUnit|Primary Dosimeter Unit
        300A00B4 DS SourceAxisDistance|Source-Axis Distance
        300A00B6 SQ BeamLimitingDeviceSequence|Beam Limiting Device Sequence
        300A00B8 CS RTBeamLimitingDeviceType|RT Beam Limiting Device Type
        300A00BA DS SourceToBeamLimitingDeviceDistance|Source to Beam Limiting Device Distance
        300A00BB FL IsocenterToBeamLimitingDeviceDistance|Isocenter to Beam Limiting Device Distance
        300A00BC IS NumberOfLeafJawPairs|Number of Leaf/Jaw Pairs
        300A00BE DS LeafPositionBoundaries|Leaf Position Boundaries
        300A00C0 IS BeamNumber|Beam Number
        300A00C2 LO BeamName|Beam Name
        300A00C3 ST BeamDescription|Beam Description
        300A00C4 CS BeamType|Beam Type
        300A00C5 FD BeamDeliveryDurationLimit|Beam Delivery Duration Limit
        300A00C6 CS RadiationType|Radiation Type
        300A00C7 CS HighDoseTechniqueType|High-Dose Technique Type
        300A00C8 IS ReferenceImageNumber|Reference Image Number
        300A00CA SQ PlannedVerificationImageSequence|Planned Verification Image Sequence
        300A00CC LO ImagingDeviceSpecificAcquisitionParameters|Imaging Device-Specific Acquisition Parameters
        300A00CE CS TreatmentDeliveryType|Treatment Delivery Type
        300A00D0 IS NumberOfWedges|Number of Wedges
        300A00D1 SQ WedgeSequence|Wedge Sequence
        300A00D2 IS WedgeNumber|Wedge Number
        300A00D3 CS WedgeType|Wedge Type
        300A00D4 SH WedgeID|Wedge ID
        300A00D5 IS WedgeAngle|Wedge Angle
        300A00D6 DS WedgeFactor|Wedge Factor
        300A00D7 FL TotalWedgeTrayWaterEquivalentThickness|Total Wedge Tray Water-Equivalent Thickness
        300A00D8 DS WedgeOrientation|Wedge Orientation
        300A00D9 FL IsocenterToWedgeTrayDistance|Isocenter to Wedge Tray Distance
        300A00DA DS SourceToWedgeTrayDistance|Source to Wedge Tray Distance
        300A00DB FL WedgeThinEdgePosition|Wedge Thin Edge Position
        300A00DC SH BolusID|Bolus ID
        300A00DD ST BolusDescription|Bolus Description
        300A00DE DS EffectiveWedgeAngle|Effective Wedge Angle
        300A00E0 IS NumberOfCompensators|Number of Compensators
        300A00E1 SH MaterialID|Material ID
        300A00E2 DS TotalCompensatorTrayFactor|Total Compensator Tray Factor
        300A00E3 SQ CompensatorSequence|Compensator Sequence
        300A00E4 IS CompensatorNumber|Compensator Number
        300A00E5 SH CompensatorID|Compensator ID
        300A00E6 DS SourceToCompensatorTrayDistance|Source to Compensator Tray Distance
        300A00E7 IS CompensatorRows|Compensator Rows
        300A00E8 IS CompensatorColumns|Compensator Columns
        300A00E9 DS CompensatorPixelSpacing|Compensator Pixel Spacing
        300A00EA DS CompensatorPosition|Compensator Position
        300A00EB DS CompensatorTransmissionData|Compensator Transmission Data
        300A00EC DS CompensatorThicknessData|Compensator Thickness Data
        300A00ED IS NumberOfBoli|Number of Boli
        300A00EE CS CompensatorType|Compensator Type
        300A00EF SH CompensatorTrayID|Compensator Tray ID
        300A00F0 IS NumberOfBlocks|Number of Blocks
        300A00F2 DS TotalBlockTrayFactor|Total Block Tray Factor
        300A00F3 FL TotalBlockTrayWaterEquivalentThickness|Total Block Tray Water-Equivalent Thickness
        300A00F4 SQ BlockSequence|Block Sequence
        300A00F5 SH BlockTrayID|Block Tray ID
        300A00F6 DS SourceToBlockTrayDistance|Source to Block Tray Distance
        300A00F7 FL IsocenterToBlockTrayDistance|Isocenter to Block Tray Distance
        300A00F8 CS BlockType|Block Type
        300A00F9 LO AccessoryCode|Accessory Code
        300A00FA CS BlockDivergence|Block Divergence
        300A00FB CS BlockMountingPosition|Block Mounting Position
        300A00FC IS BlockNumber|Block Number
        300A00FE LO BlockName|Block Name
        300A0100 DS BlockThickness|Block Thickness
        300A0102 DS BlockTransmission|Block Transmission
        300A0104 IS BlockNumberOfPoints|Block Number of Points
        300A0106 DS BlockData|Block Data
        300A0107 SQ ApplicatorSequence|Applicator Sequence
        300A0108 SH ApplicatorID|Applicator ID
        300A0109 CS ApplicatorType|Applicator Type
        300A010A LO ApplicatorDescription|Applicator Description
        300A010C DS CumulativeDoseReferenceCoefficient|Cumulative Dose Reference Coefficient
        300A010E DS FinalCumulativeMetersetWeight|Final Cumulative Meterset Weight
        300A0110 IS NumberOfControlPoints|Number of Control Points
        300A0111 SQ ControlPointSequence|Control Point Sequence
        300A0112 IS ControlPointIndex|Control Point Index
        300A0114 DS NominalBeamEnergy|Nominal Beam Energy
        300A0115 DS DoseRateSet|Dose Rate Set
        300A0116 SQ WedgePositionSequence|Wedge Position Sequence
        300A0118 CS WedgePosition|Wedge Position
        300A011A SQ BeamLimitingDevicePositionSequence|Beam Limiting Device Position Sequence
        300A011C DS LeafJawPositions|Leaf/Jaw Positions
        300A011E DS GantryAngle|Gantry Angle
        300A011F CS GantryRotationDirection|Gantry Rotation Direction
        300A0120 DS BeamLimitingDeviceAngle|Beam Limiting Device Angle
        300A0121 CS BeamLimitingDeviceRotationDirection|Beam Limiting Device Rotation Direction
        300A0122 DS PatientSupportAngle|Patient Support Angle
        300A0123 CS PatientSupportRotationDirection|Patient Support Rotation Direction
        300A0124 DS TableTopEccentricAxisDistance|Table Top Eccentric Axis Distance
        300A0125 DS TableTopEccentricAngle|Table Top Eccentric Angle
        300A0126 CS TableTopEccentricRotationDirection|Table Top Eccentric Rotation Direction
        300A0128 DS TableTopVerticalPosition|Table Top Vertical Position
        300A0129 DS TableTopLongitudinalPosition|Table Top Longitudinal Position
        300A012A DS TableTopLateralPosition|Table Top Lateral Position
        300A012C DS IsocenterPosition|Isocenter Position
        300A012E DS SurfaceEntryPoint|Surface Entry Point
        300A0130 DS SourceToSurfaceDistance|Source to Surface Distance
        300A0131 FL AverageBeamDosePointSourceToExternalContourDistance|Average Beam Dose Point Source to External Contour Distance
        300A0132 FL SourceToExternalContourDistance|Source to External Contour Distance
        300A0133 FL ExternalContourEntryPoint|External Contour Entry Point
        300A0134 DS CumulativeMetersetWeight|Cumulative Meterset Weight
        300A0140 FL TableTopPitchAngle|Table Top Pitch Angle
        300A0142 CS TableTopPitchRotationDirection|Table Top Pitch Rotation Direction
        300A0144 FL TableTopRollAngle|Table Top Roll Angle
        300A0146 CS TableTopRollRotationDirection|Table Top Roll Rotation Direction
        300A0148 FL HeadFixationAngle|Head Fixation Angle
        300A014A FL GantryPitchAngle|Gantry Pitch Angle
        300A014C CS GantryPitchRotationDirection|Gantry Pitch Rotation Direction
        300A014E FL GantryPitchAngleTolerance|Gantry Pitch Angle Tolerance
        300A0150 CS FixationEye|Fixation Eye
        300A0151 DS ChairHeadFramePosition|Chair Head Frame Position
        300A0152 DS HeadFixationAngleTolerance|Head Fixation Angle Tolerance
        300A0153 DS ChairHeadFramePositionTolerance|Chair Head Frame Position Tolerance
        300A0154 DS FixationLightAzimuthalAngleTolerance|Fixation Light Azimuthal Angle Tolerance
        300A0155 DS FixationLightPolarAngleTolerance|Fixation Light Polar Angle Tolerance
        300A0180 SQ PatientSetupSequence|Patient Setup Sequence
        300A0182 IS PatientSetupNumber|Patient Setup Number
        300A0183 LO PatientSetupLabel|Patient Setup Label
        300A0184 LO PatientAdditionalPosition|Patient Additional Position
        300A0190 SQ FixationDeviceSequence|Fixation Device Sequence
        300A0192 CS FixationDeviceType|Fixation Device Type
        300A0194 SH FixationDeviceLabel|Fixation Device Label
        300A0196 ST FixationDeviceDescription|Fixation Device Description
        300A0198 SH FixationDevicePosition|Fixation Device Position
        300A0199 FL FixationDevicePitchAngle|Fixation Device Pitch Angle
        300A019A FL FixationDeviceRollAngle|Fixation Device Roll Angle
        300A01A0 SQ ShieldingDeviceSequence|Shielding Device Sequence
        300A01A2 CS ShieldingDeviceType|Shielding Device Type
        300A01A4 SH ShieldingDeviceLabel|Shielding Device Label
        300A01A6 ST ShieldingDeviceDescription|Shielding Device Description
        300A01A8 SH ShieldingDevicePosition|Shielding Device Position
        300A01B0 CS SetupTechnique|Setup Technique
        300A01B2 ST SetupTechniqueDescription|Setup Technique Description
        300A01B4 SQ SetupDeviceSequence|Setup Device Sequence
        300A01B6 CS SetupDeviceType|Setup Device Type
        300A01B8 SH SetupDeviceLabel|Setup Device Label
        300A01BA ST SetupDeviceDescription|Setup Device Description
        300A01BC DS SetupDeviceParameter|Setup Device Parameter
        300A01D0 ST SetupReferenceDescription|Setup Reference Description
        300A01D2 DS TableTopVerticalSetupDisplacement|Table Top Vertical Setup Displacement
        300A01D4 DS TableTopLongitudinalSetupDisplacement|Table Top Longitudinal Setup Displacement
        300A01D6 DS TableTopLateralSetupDisplacement|Table Top Lateral Setup Displacement
        300A0200 CS BrachyTreatmentTechnique|Brachy Treatment Technique
        300A0202 CS BrachyTreatmentType|Brachy Treatment Type
        300A0206 SQ TreatmentMachineSequence|Treatment Machine Sequence
        300A0210 SQ SourceSequence|Source Sequence
        300A0212 IS SourceNumber|Source Number
        300A0214 CS SourceType|Source Type
        300A0216 LO SourceManufacturer|Source Manufacturer
        300A0218 DS ActiveSourceDiameter|Active Source Diameter
        300A021A DS ActiveSourceLength|Active Source Length
        300A021B SH SourceModelID|Source Model ID
        300A021C LO SourceDescription|Source Description
        300A0222 DS SourceEncapsulationNominalThickness|Source Encapsulation Nominal Thickness
        300A0224 DS SourceEncapsulationNominalTransmission|Source Encapsulation Nominal Transmission
        300A0226 LO SourceIsotopeName|Source Isotope Name
        300A0228 DS SourceIsotopeHalfLife|Source Isotope Half Life
        300A0229 CS SourceStrengthUnits|Source Strength Units
        300A022A DS ReferenceAirKermaRate|Reference Air Kerma Rate
        300A022B DS SourceStrength|Source Strength
        300A022C DA SourceStrengthReferenceDate|Source Strength Reference Date
        300A022E TM SourceStrengthReferenceTime|Source Strength Reference Time
        300A0230 SQ ApplicationSetupSequence|Application Setup Sequence
        300A0232 CS ApplicationSetupType|Application Setup Type
        300A0234 IS ApplicationSetupNumber|Application Setup Number
        300A0236 LO ApplicationSetupName|Application Setup Name
        300A0238 LO ApplicationSetupManufacturer|Application Setup Manufacturer
        300A0240 IS TemplateNumber|Template Number
        300A0242 SH TemplateType|Template Type
        300A0244 LO TemplateName|Template Name
        300A0250 DS TotalReferenceAirKerma|Total Reference Air Kerma
        300A0260 SQ BrachyAccessoryDeviceSequence|Brachy Accessory Device Sequence
        300A0262 IS BrachyAccessoryDeviceNumber|Brachy Accessory Device Number
        300A0263 SH BrachyAccessoryDeviceID|Brachy Accessory Device ID
        300A0264 CS BrachyAccessoryDeviceType|Brachy Accessory Device Type
        300A0266 LO BrachyAccessoryDeviceName|Brachy Accessory Device Name
        300A026A DS BrachyAccessoryDeviceNominalThickness|Brachy Accessory Device Nominal Thickness
        300A026C DS BrachyAccessoryDeviceNominalTransmission|Brachy Accessory Device Nominal Transmission
        300A0271 DS ChannelEffectiveLength|Channel Effective Length
        300A0272 DS ChannelInnerLength|Channel Inner Length
        300A0273 SH AfterloaderChannelID|Afterloader Channel ID
        300A0274 DS SourceApplicatorTipLength|Source Applicator Tip Length
        300A0280 SQ ChannelSequence|Channel Sequence
        300A0282 IS ChannelNumber|Channel Number
        300A0284 DS ChannelLength|Channel Length
        300A0286 DS ChannelTotalTime|Channel Total Time
        300A0288 CS SourceMovementType|Source Movement Type
        300A028A IS NumberOfPulses|Number of Pulses
        300A028C DS PulseRepetitionInterval|Pulse Repetition Interval
        300A0290 IS SourceApplicatorNumber|Source Applicator Number
        300A0291 SH SourceApplicatorID|Source Applicator ID
        300A0292 CS SourceApplicatorType|Source Applicator Type
        300A0294 LO SourceApplicatorName|Source Applicator Name
        300A0296 DS SourceApplicatorLength|Source Applicator Length
        300A0298 LO SourceApplicatorManufacturer|Source Applicator Manufacturer
        300A029C DS SourceApplicatorWallNominalThickness|Source Applicator Wall Nominal Thickness
        300A029E DS SourceApplicatorWallNominalTransmission|Source Applicator Wall Nominal Transmission
        300A02A0 DS SourceApplicatorStepSize|Source Applicator Step Size
        300A02A1 IS ApplicatorShapeReferencedROINumber|Applicator Shape Referenced ROI Number
        300A02A2 IS TransferTubeNumber|Transfer Tube Number
        300A02A4 DS TransferTubeLength|Transfer Tube Length
        300A02B0 SQ ChannelShieldSequence|Channel Shield Sequence
        300A02B2 IS ChannelShieldNumber|Channel Shield Number
        300A02B3 SH ChannelShieldID|Channel Shield ID
        300A02B4 LO ChannelShieldName|Channel Shield Name
        300A02B8 DS ChannelShieldNominalThickness|Channel Shield Nominal Thickness
        300A02BA DS ChannelShieldNominalTransmission|Channel Shield Nominal Transmission
        300A02C8 DS FinalCumulativeTimeWeight|Final Cumulative Time Weight
        300A02D0 SQ BrachyControlPointSequence|Brachy Control Point Sequence
        300A02D2 DS ControlPointRelativePosition|Control Point Relative Position
        300A02D4 DS ControlPoint3DPosition|Control Point 3D Position
        300A02D6 DS CumulativeTimeWeight|Cumulative Time Weight
        300A02E0 CS CompensatorDivergence|Compensator Divergence
        300A02E1 CS CompensatorMountingPosition|Compensator Mounting Position
        300A02E2 DS SourceToCompensatorDistance|Source to Compensator Distance
        300A02E3 FL TotalCompensatorTrayWaterEquivalentThickness|Total Compensator Tray Water-Equivalent Thickness
        300A02E4 FL IsocenterToCompensatorTrayDistance|Isocenter to Compensator Tray Distance
        300A02E5 FL CompensatorColumnOffset|Compensator Column Offset
        300A02E6 FL IsocenterToCompensatorDistances|Isocenter to Compensator Distances
        300A02E7 FL CompensatorRelativeStoppingPowerRatio|Compensator Relative Stopping Power Ratio
        300A02E8 FL CompensatorMillingToolDiameter|Compensator Milling Tool Diameter
        300A02EA SQ IonRangeCompensatorSequence|Ion Range Compensator Sequence
        300A02EB LT CompensatorDescription|Compensator Description
        300A0302 IS RadiationMassNumber|Radiation Mass Number
        300A0304 IS RadiationAtomicNumber|Radiation Atomic Number
        300A0306 SS RadiationChargeState|Radiation Charge State
        300A0308 CS ScanMode|Scan Mode
        300A0309 CS ModulatedScanModeType|Modulated Scan Mode Type
        300A030A FL VirtualSourceAxisDistances|Virtual Source-Axis Distances
        300A030C SQ SnoutSequence|Snout Sequence
        300A030D FL SnoutPosition|Snout Position
        300A030F SH SnoutID|Snout ID
        300A0312 IS NumberOfRangeShifters|Number of Range Shifters
        300A0314 SQ RangeShifterSequence|Range Shifter Sequence
        300A0316 IS RangeShifterNumber|Range Shifter Number
        300A0318 SH RangeShifterID|Range Shifter ID
        300A0320 CS RangeShifterType|Range Shifter Type
        300A0322 LO RangeShifterDescription|Range Shifter Description
        300A0330 IS NumberOfLateralSpreadingDevices|Number of Lateral Spreading Devices
        300A0332 SQ LateralSpreadingDeviceSequence|Lateral Spreading Device Sequence
        300A0334 IS LateralSpreadingDeviceNumber|Lateral Spreading Device Number
        300A0336 SH LateralSpreadingDeviceID|Lateral Spreading Device ID
        300A0338 CS LateralSpreadingDeviceType|Lateral Spreading Device Type
        300A033A LO LateralSpreadingDeviceDescription|Lateral Spreading Device Description
        300A033C FL LateralSpreadingDeviceWaterEquivalentThickness|Lateral Spreading Device Water Equivalent Thickness
        300A0340 IS NumberOfRangeModulators|Number of Range Modulators
        300A0342 SQ RangeModulatorSequence|Range Modulator Sequence
        300A0344 IS RangeModulatorNumber|Range Modulator Number
        300A0346 SH RangeModulatorID|Range Modulator ID
        300A0348 CS RangeModulatorType|Range Modulator Type
        300A034A LO RangeModulatorDescription|Range Modulator Description
        300A034C SH BeamCurrentModulationID|Beam Current Modulation ID
        300A0350 CS PatientSupportType|Patient Support Type
        300A0352 SH PatientSupportID|Patient Support ID
        300A0354 LO PatientSupportAccessoryCode|Patient Support Accessory Code
        300A0355 LO TrayAccessoryCode|Tray Accessory Code
        300A0356 FL FixationLightAzimuthalAngle|Fixation Light Azimuthal Angle
        300A0358 FL FixationLightPolarAngle|Fixation Light Polar Angle
        300A035A FL MetersetRate|Meterset Rate
        300A0360 SQ RangeShifterSettingsSequence|Range Shifter Settings Sequence
        300A0362 LO RangeShifterSetting|Range Shifter Setting
        300A0364 FL IsocenterToRangeShifterDistance|Isocenter to Range Shifter Distance
        300A0366 FL RangeShifterWaterEquivalentThickness|Range Shifter Water Equivalent Thickness
        300A0370 SQ LateralSpreadingDeviceSettingsSequence|Lateral Spreading Device Settings Sequence
        300A0372 LO LateralSpreadingDeviceSetting|Lateral Spreading Device Setting
        300A0374 FL IsocenterToLateralSpreadingDeviceDistance|Isocenter to Lateral Spreading Device Distance
        300A0380 SQ RangeModulatorSettingsSequence|Range Modulator Settings Sequence
        300A0382 FL RangeModulatorGatingStartValue|Range Modulator Gating Start Value
        300A0384 FL RangeModulatorGatingStopValue|Range Modulator Gating Stop Value
        300A0386 FL RangeModulatorGatingStartWaterEquivalentThickness|Range Modulator Gating Start Water Equivalent Thickness
        300A0388 FL RangeModulatorGatingStopWaterEquivalentThickness|Range Modulator Gating Stop Water Equivalent Thickness
        300A038A FL IsocenterToRangeModulatorDistance|Isocenter to Range Modulator Distance
        300A038F FL ScanSpotTimeOffset|Scan Spot Time Offset
        300A0390 SH ScanSpotTuneID|Scan Spot Tune ID
        300A0391 IS ScanSpotPrescribedIndices|Scan Spot Prescribed Indices
        300A0392 IS NumberOfScanSpotPositions|Number of Scan Spot Positions
        300A0393 CS ScanSpotReordered|Scan Spot Reordered
        300A0394 FL ScanSpotPositionMap|Scan Spot Position Map
        300A0395 CS ScanSpotReorderingAllowed|Scan Spot Reordering Allowed
        300A0396 FL ScanSpotMetersetWeights|Scan Spot Meterset Weights
        300A0398 FL ScanningSpotSize|Scanning Spot Size
        300A0399 FL ScanSpotSizesDelivered|Scan Spot Sizes Delivered
        300A039A IS NumberOfPaintings|Number of Paintings
        300A03A0 SQ IonToleranceTableSequence|Ion Tolerance Table Sequence
        300A03A2 SQ IonBeamSequence|Ion Beam Sequence
        300A03A4 SQ IonBeamLimitingDeviceSequence|Ion Beam Limiting Device Sequence
        300A03A6 SQ IonBlockSequence|Ion Block Sequence
        300A03A8 SQ IonControlPointSequence|Ion Control Point Sequence
        300A03AA SQ IonWedgeSequence|Ion Wedge Sequence
        300A03AC SQ IonWedgePositionSequence|Ion Wedge Position Sequence
        300A0401 SQ ReferencedSetupImageSequence|Referenced Setup Image Sequence
        300A0402 ST SetupImageComment|Setup Image Comment
        300A0410 SQ MotionSynchronizationSequence|Motion Synchronization Sequence
        300A0412 FL ControlPointOrientation|Control Point Orientation
        300A0420 SQ GeneralAccessorySequence|General Accessory Sequence
        300A0421 SH GeneralAccessoryID|General Accessory ID
        300A0422 ST GeneralAccessoryDescription|General Accessory Description
        300A0423 CS GeneralAccessoryType|General Accessory Type
        300A0424 IS GeneralAccessoryNumber|General Accessory Number
        300A0425 FL SourceToGeneralAccessoryDistance|Source to General Accessory Distance
        300A0426 DS IsocenterToGeneralAccessoryDistance|Isocenter to General Accessory Distance
        300A0431 SQ ApplicatorGeometrySequence|Applicator Geometry Sequence
        300A0432 CS ApplicatorApertureShape|Applicator Aperture Shape
        300A0433 FL ApplicatorOpening|Applicator Opening
        300A0434 FL ApplicatorOpeningX|Applicator Opening X
        300A0435 FL ApplicatorOpeningY|Applicator Opening Y
        300A0436 FL SourceToApplicatorMountingPositionDistance|Source to Applicator Mounting Position Distance
        300A0440 IS NumberOfBlockSlabItems|Number of Block Slab Items
        300A0441 SQ BlockSlabSequence|Block Slab Sequence
        300A0442 DS BlockSlabThickness|Block Slab Thickness
        300A0443 US BlockSlabNumber|Block Slab Number
        300A0450 SQ DeviceMotionControlSequence|Device Motion Control Sequence
        300A0451 CS DeviceMotionExecutionMode|Device Motion Execution Mode
        300A0452 CS DeviceMotionObservationMode|Device Motion Observation Mode
        300A0453 SQ DeviceMotionParameterCodeSequence|Device Motion Parameter Code Sequence
        300A0501 FL DistalDepthFraction|Distal Depth Fraction
        300A0502 FL DistalDepth|Distal Depth
        300A0503 FL NominalRangeModulationFractions|Nominal Range Modulation Fractions
        300A0504 FL NominalRangeModulatedRegionDepths|Nominal Range Modulated Region Depths
        300A0505 SQ DepthDoseParametersSequence|Depth Dose Parameters Sequence
        300A0506 SQ DeliveredDepthDoseParametersSequence|Delivered Depth Dose Parameters Sequence
        300A0507 FL DeliveredDistalDepthFraction|Delivered Distal Depth Fraction
        300A0508 FL DeliveredDistalDepth|Delivered Distal Depth
        300A0509 FL DeliveredNominalRangeModulationFractions|Delivered Nominal Range Modulation Fractions
        300A0510 FL DeliveredNominalRangeModulatedRegionDepths|Delivered Nominal Range Modulated Region Depths
        300A0511 CS DeliveredReferenceDoseDefinition|Delivered Reference Dose Definition
        300A0512 CS ReferenceDoseDefinition|Reference Dose Definition
        300A0600 US RTControlPointIndex|RT Control Point Index
        300A0601 US RadiationGenerationModeIndex|Radiation Generation Mode Index
        300A0602 US ReferencedDefinedDeviceIndex|Referenced Defined Device Index
        300A0603 US RadiationDoseIdentificationIndex|Radiation Dose Identification Index
        300A0604 US NumberOfRTControlPoints|Number of RT Control Points
        300A0605 US ReferencedRadiationGenerationModeIndex|Referenced Radiation Generation Mode Index
        300A0606 US TreatmentPositionIndex|Treatment Position Index
        300A0607 US ReferencedDeviceIndex|Referenced Device Index
        300A0608 LO TreatmentPositionGroupLabel|Treatment Position Group Label
        300A0609 UI TreatmentPositionGroupUID|Treatment Position Group UID
        300A060A SQ TreatmentPositionGroupSequence|Treatment Position Group Sequence
        300A060B US ReferencedTreatmentPositionIndex|Referenced Treatment Position Index
        300A060C US ReferencedRadiationDoseIdentificationIndex|Referenced Radiation Dose Identification Index
        300A060D FD RTAccessoryHolderWaterEquivalentThickness|RT Accessory Holder Water-Equivalent Thickness
        300A060E US ReferencedRTAccessoryHolderDeviceIndex|Referenced RT Accessory Holder Device Index
        300A060F CS RTAccessoryHolderSlotExistenceFlag|RT Accessory Holder Slot Existence Flag
        300A0610 SQ RTAccessoryHolderSlotSequence|RT Accessory Holder Slot Sequence
        300A0611 LO RTAccessoryHolderSlotID|RT Accessory Holder Slot ID
        300A0612 FD RTAccessoryHolderSlotDistance|RT Accessory Holder Slot Distance
        300A0613 FD RTAccessorySlotDistance|RT Accessory Slot Distance
        300A0614 SQ RTAccessoryHolderDefinitionSequence|RT Accessory Holder Definition Sequence
        300A0615 LO RTAccessoryDeviceSlotID|RT Accessory Device Slot ID
        300A0616 SQ RTRadiationSequence|RT Radiation Sequence
        300A0617 SQ RadiationDoseSequence|Radiation Dose Sequence
        300A0618 SQ RadiationDoseIdentificationSequence|Radiation Dose Identification Sequence
        300A0619 LO RadiationDoseIdentificationLabel|Radiation Dose Identification Label
        300A061A CS ReferenceDoseType|Reference Dose Type
        300A061B CS PrimaryDoseValueIndicator|Primary Dose Value Indicator
        300A061C SQ DoseValuesSequence|Dose Values Sequence
        300A061D CS DoseValuePurpose|Dose Value Purpose
        300A061E FD ReferenceDosePointCoordinates|Reference Dose Point Coordinates
        300A061F SQ RadiationDoseValuesParametersSequence|Radiation Dose Values Parameters Sequence
        300A0620 SQ MetersetToDoseMappingSequence|Meterset to Dose Mapping Sequence
        300A0621 SQ ExpectedInVivoMeasurementValuesSequence|Expected In-Vivo Measurement Values Sequence
        300A0622 US ExpectedInVivoMeasurementValueIndex|Expected In-Vivo Measurement Value Index
        300A0623 LO RadiationDoseInVivoMeasurementLabel|Radiation Dose In-Vivo Measurement Label
        300A0624 FD RadiationDoseCentralAxisDisplacement|Radiation Dose Central Axis Displacement
        300A0625 FD RadiationDoseValue|Radiation Dose Value
        300A0626 FD RadiationDoseSourceToSkinDistance|Radiation Dose Source to Skin Distance
        300A0627 FD RadiationDoseMeasurementPointCoordinates|Radiation Dose Measurement Point Coordinates
        300A0628 FD RadiationDoseSourceToExternalContourDistance|Radiation Dose Source to External Contour Distance
        300A0629 SQ RTToleranceSetSequence|RT Tolerance Set Sequence
        300A062A LO RTToleranceSetLabel|RT Tolerance Set Label
        300A062B SQ AttributeToleranceValuesSequence|Attribute Tolerance Values Sequence
        300A062C FD ToleranceValue|Tolerance Value
        300A062D SQ PatientSupportPositionToleranceSequence|Patient Support Position Tolerance Sequence
        300A062E FD TreatmentTimeLimit|Treatment Time Limit
        300A062F SQ CArmPhotonElectronControlPointSequence|C-Arm Photon-Electron Control Point Sequence
        300A0630 SQ ReferencedRTRadiationSequence|Referenced RT Radiation Sequence
        300A0631 SQ ReferencedRTInstanceSequence|Referenced RT Instance Sequence
        300A0632 SQ ReferencedRTPatientSetupSequence|Referenced RT Patient Setup Sequence
        300A0634 FD SourceToPatientSurfaceDistance|Source to Patient Surface Distance
        300A0635 SQ TreatmentMachineSpecialModeCodeSequence|Treatment Machine Special Mode Code Sequence
        300A0636 US IntendedNumberOfFractions|Intended Number of Fractions
        300A0637 CS RTRadiationSetIntent|RT Radiation Set Intent
        300A0638 CS RTRadiationPhysicalAndGeometricContentDetailFlag|RT Radiation Physical and Geometric Content Detail Flag
        300A0639 CS RTRecordFlag|RT Record Flag
        300A063A SQ TreatmentDeviceIdentificationSequence|Treatment Device Identification Sequence
        300A063B SQ ReferencedRTPhysicianIntentSequence|Referenced RT Physician Intent Sequence
        300A063C FD CumulativeMeterset|Cumulative Meterset
        300A063D FD DeliveryRate|Delivery Rate
        300A063E SQ DeliveryRateUnitSequence|Delivery Rate Unit Sequence
        300A063F SQ TreatmentPositionSequence|Treatment Position Sequence
        300A0640 FD RadiationSourceAxisDistance|Radiation Source-Axis Distance
        300A0641 US NumberOfRTBeamLimitingDevices|Number of RT Beam Limiting Devices
        300A0642 FD RTBeamLimitingDeviceProximalDistance|RT Beam Limiting Device Proximal Distance
        300A0643 FD RTBeamLimitingDeviceDistalDistance|RT Beam Limiting Device Distal Distance
        300A0644 SQ ParallelRTBeamDelimiterDeviceOrientationLabelCodeSequence|Parallel RT Beam Delimiter Device Orientation Label Code Sequence
        300A0645 FD BeamModifierOrientationAngle|Beam Modifier Orientation Angle
        300A0646 SQ FixedRTBeamDelimiterDeviceSequence|Fixed RT Beam Delimiter Device Sequence
        300A0647 SQ ParallelRTBeamDelimiterDeviceSequence|Parallel RT Beam Delimiter Device Sequence
        300A0648 US NumberOfParallelRTBeamDelimiters|Number of Parallel RT Beam Delimiters
        300A0649 FD ParallelRTBeamDelimiterBoundaries|Parallel RT Beam Delimiter Boundaries
        300A064A FD ParallelRTBeamDelimiterPositions|Parallel RT Beam Delimiter Positions
        300A064B FD RTBeamLimitingDeviceOffset|RT Beam Limiting Device Offset
        300A064C SQ RTBeamDelimiterGeometrySequence|RT Beam Delimiter Geometry Sequence
        300A064D SQ RTBeamLimitingDeviceDefinitionSequence|RT Beam Limiting Device Definition Sequence
        300A064E CS ParallelRTBeamDelimiterOpeningMode|Parallel RT Beam Delimiter Opening Mode
        300A064F CS ParallelRTBeamDelimiterLeafMountingSide|Parallel RT Beam Delimiter Leaf Mounting Side
        300A0650 UI PatientSetupUID|Patient Setup UID
        300A0651 SQ WedgeDefinitionSequence|Wedge Definition Sequence
        300A0652 FD RadiationBeamWedgeAngle|Radiation Beam Wedge Angle
        300A0653 FD RadiationBeamWedgeThinEdgeDistance|Radiation Beam Wedge Thin Edge Distance
        300A0654 FD RadiationBeamEffectiveWedgeAngle|Radiation Beam Effective Wedge Angle
        300A0655 US NumberOfWedgePositions|Number of Wedge Positions
        300A0656 SQ RTBeamLimitingDeviceOpeningSequence|RT Beam Limiting Device Opening Sequence
        300A0657 US NumberOfRTBeamLimitingDeviceOpenings|Number of RT Beam Limiting Device Openings
        300A0658 SQ RadiationDosimeterUnitSequence|Radiation Dosimeter Unit Sequence
        300A0659 SQ RTDeviceDistanceReferenceLocationCodeSequence|RT Device Distance Reference Location Code Sequence
        300A065A SQ RadiationDeviceConfigurationAndCommissioningKeySequence|Radiation Device Configuration and Commissioning Key Sequence
        300A065B SQ PatientSupportPositionParameterSequence|Patient Support Position Parameter Sequence
        300A065C CS PatientSupportPositionSpecificationMethod|Patient Support Position Specification Method
        300A065D SQ PatientSupportPositionDeviceParameterSequence|Patient Support Position Device Parameter Sequence
        300A065E US DeviceOrderIndex|Device Order Index
        300A065F US PatientSupportPositionParameterOrderIndex|Patient Support Position Parameter Order Index
        300A0660 SQ PatientSupportPositionDeviceToleranceSequence|Patient Support Position Device Tolerance Sequence
        300A0661 US PatientSupportPositionToleranceOrderIndex|Patient Support Position Tolerance Order Index
        300A0662 SQ CompensatorDefinitionSequence|Compensator Definition Sequence
        300A0663 CS CompensatorMapOrientation|Compensator Map Orientation
        300A0664 OF CompensatorProximalThicknessMap|Compensator Proximal Thickness Map
        300A0665 OF CompensatorDistalThicknessMap|Compensator Distal Thickness Map
        300A0666 FD CompensatorBasePlaneOffset|Compensator Base Plane Offset
        300A0667 SQ CompensatorShapeFabricationCodeSequence|Compensator Shape Fabrication Code Sequence
        300A0668 SQ CompensatorShapeSequence|Compensator Shape Sequence
        300A0669 FD RadiationBeamCompensatorMillingToolDiameter|Radiation Beam Compensator Milling Tool Diameter
        300A066A SQ BlockDefinitionSequence|Block Definition Sequence
        300A066B OF BlockEdgeData|Block Edge Data
        300A066C CS BlockOrientation|Block Orientation
        300A066D FD RadiationBeamBlockThickness|Radiation Beam Block Thickness
        300A066E FD RadiationBeamBlockSlabThickness|Radiation Beam Block Slab Thickness
        300A066F SQ BlockEdgeDataSequence|Block Edge Data Sequence
        300A0670 US NumberOfRTAccessoryHolders|Number of RT Accessory Holders
        300A0671 SQ GeneralAccessoryDefinitionSequence|General Accessory Definition Sequence
        300A0672 US NumberOfGeneralAccessories|Number of General Accessories
        300A0673 SQ BolusDefinitionSequence|Bolus Definition Sequence
        300A0674 US NumberOfBoluses|Number of Boluses
        300A0675 UI EquipmentFrameOfReferenceUID|Equipment Frame of Reference UID
        300A0676 ST EquipmentFrameOfReferenceDescription|Equipment Frame of Reference Description
        300A0677 SQ EquipmentReferencePointCoordinatesSequence|Equipment Reference Point Coordinates Sequence
        300A0678 SQ EquipmentReferencePointCodeSequence|Equipment Reference Point Code Sequence
        300A0679 FD RTBeamLimitingDeviceAngle|RT Beam Limiting Device Angle
        300A067A FD SourceRollAngle|Source Roll Angle
        300A067B SQ RadiationGenerationModeSequence|Radiation GenerationMode Sequence
        300A067C SH RadiationGenerationModeLabel|Radiation GenerationMode Label
        300A067D ST RadiationGenerationModeDescription|Radiation GenerationMode Description
        300A067E SQ RadiationGenerationModeMachineCodeSequence|Radiation GenerationMode Machine Code Sequence
        300A067F SQ RadiationTypeCodeSequence|Radiation Type Code Sequence
        300A0680 DS NominalEnergy|Nominal Energy
        300A0681 DS MinimumNominalEnergy|Minimum Nominal Energy
        300A0682 DS MaximumNominalEnergy|Maximum Nominal Energy
        300A0683 SQ RadiationFluenceModifierCodeSequence|Radiation Fluence Modifier Code Sequence
        300A0684 SQ EnergyUnitCodeSequence|Energy Unit Code Sequence
        300A0685 US NumberOfRadiationGenerationModes|Number of Radiation GenerationModes
        300A0686 SQ PatientSupportDevicesSequence|Patient Support Devices Sequence
        300A0687 US NumberOfPatientSupportDevices|Number of Patient Support Devices
        300A0688 FD RTBeamModifierDefinitionDistance|RT Beam Modifier Definition Distance
        300A0689 SQ BeamAreaLimitSequence|Beam Area Limit Sequence
        300A068A SQ ReferencedRTPrescriptionSequence|Referenced RT Prescription Sequence
        300A068B CS DoseValueInterpretation|Dose Value Interpretation
        300A0700 UI TreatmentSessionUID|Treatment Session UID
        300A0701 CS RTRadiationUsage|RT Radiation Usage
        300A0702 SQ ReferencedRTRadiationSetSequence|Referenced RT Radiation Set Sequence
        300A0703 SQ ReferencedRTRadiationRecordSequence|Referenced RT Radiation Record Sequence
        300A0704 US RTRadiationSetDeliveryNumber|RT Radiation Set Delivery Number
        300A0705 US ClinicalFractionNumber|Clinical Fraction Number
        300A0706 CS RTTreatmentFractionCompletionStatus|RT Treatment Fraction Completion Status
        300A0707 CS RTRadiationSetUsage|RT Radiation Set Usage
        300A0708 CS TreatmentDeliveryContinuationFlag|Treatment Delivery Continuation Flag
        300A0709 CS TreatmentRecordContentOrigin|Treatment Record Content Origin
        300A0714 CS RTTreatmentTerminationStatus|RT Treatment Termination Status
        300A0715 SQ RTTreatmentTerminationReasonCodeSequence|RT Treatment Termination Reason Code Sequence
        300A0716 SQ MachineSpecificTreatmentTerminationCodeSequence|Machine-Specific Treatment Termination Code Sequence
        300A0722 SQ RTRadiationSalvageRecordControlPointSequence|RT Radiation Salvage Record Control Point Sequence
        300A0723 CS StartingMetersetValueKnownFlag|Starting Meterset Value Known Flag
        300A0730 ST TreatmentTerminationDescription|Treatment Termination Description
        300A0731 SQ TreatmentToleranceViolationSequence|Treatment Tolerance Violation Sequence
        300A0732 CS TreatmentToleranceViolationCategory|Treatment Tolerance Violation Category
        300A0733 SQ TreatmentToleranceViolationAttributeSequence|Treatment Tolerance Violation Attribute Sequence
        300A0734 ST TreatmentToleranceViolationDescription|Treatment Tolerance Violation Description
        300A0735 ST TreatmentToleranceViolationIdentification|Treatment Tolerance Violation Identification
        300A0736 DT TreatmentToleranceViolationDateTime|Treatment Tolerance Violation DateTime
        300A073A DT RecordedRTControlPointDateTime|Recorded RT Control Point DateTime
        300A073B US ReferencedRadiationRTControlPointIndex|Referenced Radiation RT Control Point Index
        300A073E SQ AlternateValueSequence|Alternate Value Sequence
        300A073F SQ ConfirmationSequence|Confirmation Sequence
        300A0740 SQ InterlockSequence|Interlock Sequence
        300A0741 DT InterlockDateTime|Interlock DateTime
        300A0742 ST InterlockDescription|Interlock Description
        300A0743 SQ InterlockOriginatingDeviceSequence|Interlock Originating Device Sequence
        300A0744 SQ InterlockCodeSequence|Interlock Code Sequence
        300A0745 SQ InterlockResolutionCodeSequence|Interlock Resolution Code Sequence
        300A0746 SQ InterlockResolutionUserSequence|Interlock Resolution User Sequence
        300A0760 DT OverrideDateTime|Override DateTime
        300A0761 SQ TreatmentToleranceViolationTypeCodeSequence|Treatment Tolerance Violation Type Code Sequence
        300A0762 SQ TreatmentToleranceViolationCauseCodeSequence|Treatment Tolerance Violation Cause Code Sequence
        300A0772 SQ MeasuredMetersetToDoseMappingSequence|Measured Meterset to Dose Mapping Sequence
        300A0773 US ReferencedExpectedInVivoMeasurementValueIndex|Referenced Expected In-Vivo Measurement Value Index
        300A0774 SQ DoseMeasurementDeviceCodeSequence|Dose Measurement Device Code Sequence
        300A0780 SQ AdditionalParameterRecordingInstanceSequence|Additional Parameter Recording Instance Sequence
        300A0782 US |
        300A0783 ST InterlockOriginDescription|Interlock Origin Description
        300A0784 SQ RTPatientPositionScopeSequence|RT Patient Position Scope Sequence
        300A0785 UI ReferencedTreatmentPositionGroupUID|Referenced Treatment Position Group UID
        300A0786 US RadiationOrderIndex|Radiation Order Index
        300A0787 SQ OmittedRadiationSequence|Omitted Radiation Sequence
        300A0788 SQ ReasonForOmissionCodeSequence|Reason for Omission Code Sequence
        300A0789 SQ RTDeliveryStartPatientPositionSequence|RT Delivery Start Patient Position Sequence
        300A078A SQ RTTreatmentPreparationPatientPositionSequence|RT Treatment Preparation Patient Position Sequence
        300A078B SQ ReferencedRTTreatmentPreparationSequence|Referenced RT Treatment Preparation Sequence
        300A078C SQ ReferencedPatientSetupPhotoSequence|Referenced Patient Setup Photo Sequence
        300A078D SQ PatientTreatmentPreparationMethodCodeSequence|Patient Treatment Preparation Method Code Sequence
        300A078E LT PatientTreatmentPreparationProcedureParameterDescription|Patient Treatment Preparation Procedure Parameter Description
        300A078F SQ PatientTreatmentPreparationDeviceSequence|Patient Treatment Preparation Device Sequence
        300A0790 SQ PatientTreatmentPreparationProcedureSequence|Patient Treatment Preparation Procedure Sequence
        300A0791 SQ PatientTreatmentPreparationProcedureCodeSequence|Patient Treatment Preparation Procedure Code Sequence
        300A0792 LT PatientTreatmentPreparationMethodDescription|Patient Treatment Preparation Method Description
        300A0793 SQ PatientTreatmentPreparationProcedureParameterSequence|Patient Treatment Preparation Procedure Parameter Sequence
        300A0794 LT PatientSetupPhotoDescription|Patient Setup Photo Description
        300A0795 US PatientTreatmentPreparationProcedureIndex|Patient Treatment Preparation Procedure Index
        300A0796 US ReferencedPatientSetupProcedureIndex|Referenced Patient Setup Procedure Index
        300A0797 SQ RTRadiationTaskSequence|RT Radiation Task Sequence
        300A0798 SQ RTPatientPositionDisplacementSequence|RT Patient Position Displacement Sequence
        300A0799 SQ RTPatientPositionSequence|RT Patient Position Sequence
        300A079A LO DisplacementReferenceLabel|Displacement Reference Label
        300A079B FD DisplacementMatrix|Displacement Matrix
        300A079C SQ PatientSupportDisplacementSequence|Patient Support Displacement Sequence
        300A079D SQ DisplacementReferenceLocationCodeSequence|Displacement Reference Location Code Sequence
        300A079E CS RTRadiationSetDeliveryUsage|RT Radiation Set Delivery Usage
        300A079F SQ PatientTreatmentPreparationSequence|Patient Treatment Preparation Sequence
        300A07A0 SQ PatientToEquipmentRelationshipSequence|Patient to Equipment Relationship Sequence
        300A07A1 SQ ImagingEquipmentToTreatmentDeliveryDeviceRelationshipSequence|Imaging Equipment to Treatment Delivery Device Relationship Sequence
        300C0002 SQ ReferencedRTPlanSequence|Referenced RT Plan Sequence
        300C0004 SQ ReferencedBeamSequence|Referenced Beam Sequence
        300C0006 IS ReferencedBeamNumber|Referenced Beam Number
        300C0007 IS ReferencedReferenceImageNumber|Referenced Reference Image Number
        300C0008 DS StartCumulativeMetersetWeight|Start Cumulative Meterset Weight
        300C0009 DS EndCumulativeMetersetWeight|End Cumulative Meterset Weight
        300C000A SQ ReferencedBrachyApplicationSetupSequence|Referenced Brachy Application Setup Sequence
        300C000C IS ReferencedBrachyApplicationSetupNumber|Referenced Brachy Application Setup Number
        300C000E IS ReferencedSourceNumber|Referenced Source Number
        300C0020 SQ ReferencedFractionGroupSequence|Referenced Fraction Group Sequence
        300C0022 IS ReferencedFractionGroupNumber|Referenced Fraction Group Number
        300C0040 SQ ReferencedVerificationImageSequence|Referenced Verification Image Sequence
        300C0042 SQ ReferencedReferenceImageSequence|Referenced Reference Image Sequence
        300C0050 SQ ReferencedDoseReferenceSequence|Referenced Dose Reference Sequence
        300C0051 IS ReferencedDoseReferenceNumber|Referenced Dose Reference Number
        300C0055 SQ BrachyReferencedDoseReferenceSequence|Brachy Referenced Dose Reference Sequence
        300C0060 SQ ReferencedStructureSetSequence|Referenced Structure Set Sequence
        300C006A IS ReferencedPatientSetupNumber|Referenced Patient Setup Number
        300C0080 SQ ReferencedDoseSequence|Referenced Dose Sequence
        300C00A0 IS ReferencedToleranceTableNumber|Referenced Tolerance Table Number
        300C00B0 SQ ReferencedBolusSequence|Referenced Bolus Sequence
        300C00C0 IS ReferencedWedgeNumber|Referenced Wedge Number
        300C00D0 IS ReferencedCompensatorNumber|Referenced Compensator Number
        300C00E0 IS ReferencedBlockNumber|Referenced Block Number
        300C00F0 IS ReferencedControlPointIndex|Referenced Control Point Index
        300C00F2 SQ ReferencedControlPointSequence|Referenced Control Point Sequence
        300C00F4 IS ReferencedStartControlPointIndex|Referenced Start Control Point Index
        300C00F6 IS ReferencedStopControlPointIndex|Referenced Stop Control Point Index
        300C0100 IS ReferencedRangeShifterNumber|Referenced Range Shifter Number
        300C0102 IS ReferencedLateralSpreadingDeviceNumber|Referenced Lateral Spreading Device Number
        300C0104 IS ReferencedRangeModulatorNumber|Referenced Range Modulator Number
        300C0111 SQ OmittedBeamTaskSequence|Omitted Beam Task Sequence
        300C0112 CS ReasonForOmission|Reason for Omission
        300C0113 LO ReasonForOmissionDescription|Reason for Omission Description
        300C0114 SQ PrescriptionOverviewSequence|Prescription Overview Sequence
        300C0115 FL TotalPrescriptionDose|Total Prescription Dose
        300C0116 SQ PlanOverviewSequence|Plan Overview Sequence
        300C0117 US PlanOverviewIndex|Plan Overview Index
        300C0118 US ReferencedPlanOverviewIndex|Referenced Plan Overview Index
        300C0119 US NumberOfFractionsIncluded|Number of Fractions Included
        300C0120 SQ DoseCalibrationConditionsSequence|Dose Calibration Conditions Sequence
        300C0121 FD AbsorbedDoseToMetersetRatio|Absorbed Dose to Meterset Ratio
        300C0122 FD DelineatedRadiationFieldSize|Delineated Radiation Field Size
        300C0123 CS DoseCalibrationConditionsVerifiedFlag|Dose Calibration Conditions Verified Flag
        300C0124 FD CalibrationReferencePointDepth|Calibration Reference Point Depth
        300C0125 SQ GatingBeamHoldTransitionSequence|Gating Beam Hold Transition Sequence
        300C0126 CS BeamHoldTransition|Beam Hold Transition
        300C0127 DT BeamHoldTransitionDateTime|Beam Hold Transition DateTime
        300C0128 SQ BeamHoldOriginatingDeviceSequence|Beam Hold Originating Device Sequence
        300C0129 CS BeamHoldTransitionTriggerSource|Beam Hold Transition Trigger Source
        300E0002 CS ApprovalStatus|Approval Status
        300E0004 DA ReviewDate|Review Date
        300E0005 TM ReviewTime|Review Time
        300E0008 PN ReviewerName|Reviewer Name
        30100001 SQ RadiobiologicalDoseEffectSequence|Radiobiological Dose Effect Sequence
        30100002 CS RadiobiologicalDoseEffectFlag|Radiobiological Dose Effect Flag
        30100003 SQ EffectiveDoseCalculationMethodCategoryCodeSequence|Effective Dose Calculation Method Category Code Sequence
        30100004 SQ EffectiveDoseCalculationMethodCodeSequence|Effective Dose Calculation Method Code Sequence
        30100005 LO EffectiveDoseCalculationMethodDescription|Effective Dose Calculation Method Description
        30100006 UI ConceptualVolumeUID|Conceptual Volume UID
        30100007 SQ OriginatingSOPInstanceReferenceSequence|Originating SOP Instance Reference Sequence
        30100008 SQ ConceptualVolumeConstituentSequence|Conceptual Volume Constituent Sequence
        30100009 SQ EquivalentConceptualVolumeInstanceReferenceSequence|Equivalent Conceptual Volume Instance Reference Sequence
        3010000A SQ EquivalentConceptualVolumesSequence|Equivalent Conceptual Volumes Sequence
        3010000B UI ReferencedConceptualVolumeUID|Referenced Conceptual Volume UID
        3010000C UT ConceptualVolumeCombinationExpression|Conceptual Volume Combination Expression
        3010000D US ConceptualVolumeConstituentIndex|Conceptual Volume Constituent Index
        3010000E CS ConceptualVolumeCombinationFlag|Conceptual Volume Combination Flag
        3010000F ST ConceptualVolumeCombinationDescription|Conceptual Volume Combination Description
        30100010 CS ConceptualVolumeSegmentationDefinedFlag|Conceptual Volume Segmentation Defined Flag
        30100011 SQ ConceptualVolumeSegmentationReferenceSequence|Conceptual Volume Segmentation Reference Sequence
        30100012 SQ ConceptualVolumeConstituentSegmentationReferenceSequence|Conceptual Volume Constituent Segmentation Reference Sequence
        30100013 UI ConstituentConceptualVolumeUID|Constituent Conceptual Volume UID
        30100014 SQ DerivationConceptualVolumeSequence|Derivation Conceptual Volume Sequence
        30100015 UI SourceConceptualVolumeUID|Source Conceptual Volume UID
        30100016 SQ ConceptualVolumeDerivationAlgorithmSequence|Conceptual Volume Derivation Algorithm Sequence
        30100017 ST ConceptualVolumeDescription|Conceptual Volume Description
        30100018 SQ SourceConceptualVolumeSequence|Source Conceptual Volume Sequence
        30100019 SQ AuthorIdentificationSequence|Author Identification Sequence
        3010001A LO ManufacturerModelVersion|Manufacturer's Model Version
        3010001B UC DeviceAlternateIdentifier|Device Alternate Identifier
        3010001C CS DeviceAlternateIdentifierType|Device Alternate Identifier Type
        3010001D LT DeviceAlternateIdentifierFormat|Device Alternate Identifier Format
        3010001E LO SegmentationCreationTemplateLabel|Segmentation Creation Template Label
        3010001F UI SegmentationTemplateUID|Segmentation Template UID
        30100020 US ReferencedSegmentReferenceIndex|Referenced Segment Reference Index
        30100021 SQ SegmentReferenceSequence|Segment Reference Sequence
        30100022 US SegmentReferenceIndex|Segment Reference Index
        30100023 SQ DirectSegmentReferenceSequence|Direct Segment Reference Sequence
        30100024 SQ CombinationSegmentReferenceSequence|Combination Segment Reference Sequence
        30100025 SQ ConceptualVolumeSequence|Conceptual Volume Sequence
        30100026 SQ SegmentedRTAccessoryDeviceSequence|Segmented RT Accessory Device Sequence
        30100027 SQ SegmentCharacteristicsSequence|Segment Characteristics Sequence
        30100028 SQ RelatedSegmentCharacteristicsSequence|Related Segment Characteristics Sequence
        30100029 US SegmentCharacteristicsPrecedence|Segment Characteristics Precedence
        3010002A SQ RTSegmentAnnotationSequence|RT Segment Annotation Sequence
        3010002B SQ SegmentAnnotationCategoryCodeSequence|Segment Annotation Category Code Sequence
        3010002C SQ SegmentAnnotationTypeCodeSequence|Segment Annotation Type Code Sequence
        3010002D LO DeviceLabel|Device Label
        3010002E SQ DeviceTypeCodeSequence|Device Type Code Sequence
        3010002F SQ SegmentAnnotationTypeModifierCodeSequence|Segment Annotation Type Modifier Code Sequence
        30100030 SQ PatientEquipmentRelationshipCodeSequence|Patient Equipment Relationship Code Sequence
        30100031 UI ReferencedFiducialsUID|Referenced Fiducials UID
        30100032 SQ PatientTreatmentOrientationSequence|Patient Treatment Orientation Sequence
        30100033 SH UserContentLabel|User Content Label
        30100034 LO UserContentLongLabel|User Content Long Label
        30100035 SH EntityLabel|Entity Label
        30100036 LO EntityName|Entity Name
        30100037 ST EntityDescription|Entity Description
        30100038 LO EntityLongLabel|Entity Long Label
        30100039 US DeviceIndex|Device Index
        3010003A US RTTreatmentPhaseIndex|RT Treatment Phase Index
        3010003B UI RTTreatmentPhaseUID|RT Treatment Phase UID
        3010003C US RTPrescriptionIndex|RT Prescription Index
        3010003D US RTSegmentAnnotationIndex|RT Segment Annotation Index
        3010003E US BasisRTTreatmentPhaseIndex|Basis RT Treatment Phase Index
        3010003F US RelatedRTTreatmentPhaseIndex|Related RT Treatment Phase Index
        30100040 US ReferencedRTTreatmentPhaseIndex|Referenced RT Treatment Phase Index
        30100041 US ReferencedRTPrescriptionIndex|Referenced RT Prescription Index
        30100042 US ReferencedParentRTPrescriptionIndex|Referenced Parent RT Prescription Index
        30100043 ST ManufacturerDeviceIdentifier|Manufacturer's Device Identifier
        30100044 SQ InstanceLevelReferencedPerformedProcedureStepSequence|Instance-Level Referenced Performed Procedure Step Sequence
        30100045 CS RTTreatmentPhaseIntentPresenceFlag|RT Treatment Phase Intent Presence Flag
        30100046 CS RadiotherapyTreatmentType|Radiotherapy Treatment Type
        30100047 CS TeletherapyRadiationType|Teletherapy Radiation Type
        30100048 CS BrachytherapySourceType|Brachytherapy Source Type
        30100049 SQ ReferencedRTTreatmentPhaseSequence|Referenced RT Treatment Phase Sequence
        3010004A SQ ReferencedDirectSegmentInstanceSequence|Referenced Direct Segment Instance Sequence
        3010004B SQ IntendedRTTreatmentPhaseSequence|Intended RT Treatment Phase Sequence
        3010004C DA IntendedPhaseStartDate|Intended Phase Start Date
        3010004D DA IntendedPhaseEndDate|Intended Phase End Date
        3010004E SQ RTTreatmentPhaseIntervalSequence|RT Treatment Phase Interval Sequence
        3010004F CS TemporalRelationshipIntervalAnchor|Temporal Relationship Interval Anchor
        30100050 FD MinimumNumberOfIntervalDays|Minimum Number of Interval Days
        30100051 FD MaximumNumberOfIntervalDays|Maximum Number of Interval Days
        30100052 UI PertinentSOPClassesInStudy|Pertinent SOP Classes in Study
        30100053 UI PertinentSOPClassesInSeries|Pertinent SOP Classes in Series
        30100054 LO RTPrescriptionLabel|RT Prescription Label
        30100055 SQ RTPhysicianIntentPredecessorSequence|RT Physician Intent Predecessor Sequence
        30100056 LO RTTreatmentApproachLabel|RT Treatment Approach Label
        30100057 SQ RTPhysicianIntentSequence|RT Physician Intent Sequence
        30100058 US RTPhysicianIntentIndex|RT Physician Intent Index
        30100059 CS RTTreatmentIntentType|RT Treatment Intent Type
        3010005A UT RTPhysicianIntentNarrative|RT Physician Intent Narrative
        3010005B SQ RTProtocolCodeSequence|RT Protocol Code Sequence
        3010005C ST ReasonForSuperseding|Reason for Superseding
        3010005D SQ RTDiagnosisCodeSequence|RT Diagnosis Code Sequence
        3010005E US ReferencedRTPhysicianIntentIndex|Referenced RT Physician Intent Index
        3010005F SQ RTPhysicianIntentInputInstanceSequence|RT Physician Intent Input Instance Sequence
        30100060 SQ RTAnatomicPrescriptionSequence|RT Anatomic Prescription Sequence
        30100061 UT PriorTreatmentDoseDescription|Prior Treatment Dose Description
        30100062 SQ PriorTreatmentReferenceSequence|Prior Treatment Reference Sequence
        30100063 CS DosimetricObjectiveEvaluationScope|Dosimetric Objective Evaluation Scope
        30100064 SQ TherapeuticRoleCategoryCodeSequence|Therapeutic Role Category Code Sequence
        30100065 SQ TherapeuticRoleTypeCodeSequence|Therapeutic Role Type Code Sequence
        30100066 US ConceptualVolumeOptimizationPrecedence|Conceptual Volume Optimization Precedence
        30100067 SQ ConceptualVolumeCategoryCodeSequence|Conceptual Volume Category Code Sequence
        30100068 CS ConceptualVolumeBlockingConstraint|Conceptual Volume Blocking Constraint
        30100069 SQ ConceptualVolumeTypeCodeSequence|Conceptual Volume Type Code Sequence
        3010006A SQ ConceptualVolumeTypeModifierCodeSequence|Conceptual Volume Type Modifier Code Sequence
        3010006B SQ RTPrescriptionSequence|RT Prescription Sequence
        3010006C SQ DosimetricObjectiveSequence|Dosimetric Objective Sequence
        3010006D SQ DosimetricObjectiveTypeCodeSequence|Dosimetric Objective Type Code Sequence
        3010006E UI DosimetricObjectiveUID|Dosimetric Objective UID
        3010006F UI ReferencedDosimetricObjectiveUID|Referenced Dosimetric Objective UID
        30100070 SQ DosimetricObjectiveParameterSequence|Dosimetric Objective Parameter Sequence
        30100071 SQ ReferencedDosimetricObjectivesSequence|Referenced Dosimetric Objectives Sequence
        30100073 CS AbsoluteDosimetricObjectiveFlag|Absolute Dosimetric Objective Flag
        30100074 FD DosimetricObjectiveWeight|Dosimetric Objective Weight
        30100075 CS DosimetricObjectivePurpose|Dosimetric Objective Purpose
        30100076 SQ PlanningInputInformationSequence|Planning Input Information Sequence
        30100077 LO TreatmentSite|Treatment Site
        30100078 SQ TreatmentSiteCodeSequence|Treatment Site Code Sequence
        30100079 SQ FractionPatternSequence|Fraction Pattern Sequence
        3010007A UT TreatmentTechniqueNotes|Treatment Technique Notes
        3010007B UT PrescriptionNotes|Prescription Notes
        3010007C IS NumberOfIntervalFractions|Number of Interval Fractions
        3010007D US NumberOfFractions|Number of Fractions
        3010007E US IntendedDeliveryDuration|Intended Delivery Duration
        3010007F UT FractionationNotes|Fractionation Notes
        30100080 SQ RTTreatmentTechniqueCodeSequence|RT Treatment Technique Code Sequence
        30100081 SQ PrescriptionNotesSequence|Prescription Notes Sequence
        30100082 SQ FractionBasedRelationshipSequence|Fraction-Based Relationship Sequence
        30100083 CS FractionBasedRelationshipIntervalAnchor|Fraction-Based Relationship Interval Anchor
        30100084 FD MinimumHoursBetweenFractions|Minimum Hours between Fractions
        30100085 TM IntendedFractionStartTime|Intended Fraction Start Time
        30100086 LT IntendedStartDayOfWeek|Intended Start Day of Week
        30100087 SQ WeekdayFractionPatternSequence|Weekday Fraction Pattern Sequence
        30100088 SQ DeliveryTimeStructureCodeSequence|Delivery Time Structure Code Sequence
        30100089 SQ TreatmentSiteModifierCodeSequence|Treatment Site Modifier Code Sequence
        30100090 CS RoboticBaseLocationIndicator|Robotic Base Location Indicator
        30100091 SQ RoboticPathNodeSetCodeSequence|Robotic Path Node Set Code Sequence
        30100092 UL RoboticNodeIdentifier|Robotic Node Identifier
        30100093 FD RTTreatmentSourceCoordinates|RT Treatment Source Coordinates
        30100094 FD RadiationSourceCoordinateSystemYawAngle|Radiation Source Coordinate SystemYaw Angle
        30100095 FD RadiationSourceCoordinateSystemRollAngle|Radiation Source Coordinate SystemRoll Angle
        30100096 FD RadiationSourceCoordinateSystemPitchAngle|Radiation Source Coordinate System Pitch Angle
        30100097 SQ RoboticPathControlPointSequence|Robotic Path Control Point Sequence
        30100098 SQ TomotherapeuticControlPointSequence|Tomotherapeutic Control Point Sequence
        30100099 FD TomotherapeuticLeafOpenDurations|Tomotherapeutic Leaf Open Durations
        3010009A FD TomotherapeuticLeafInitialClosedDurations|Tomotherapeutic Leaf Initial Closed Durations
        301000A0 SQ ConceptualVolumeIdentificationSequence|Conceptual Volume Identification Sequence
        40000010 LT Arbitrary|Arbitrary
        40004000 LT TextComments|Text Comments
        40080040 SH ResultsID|Results ID
        40080042 LO ResultsIDIssuer|Results ID Issuer
        40080050 SQ ReferencedInterpretationSequence|Referenced Interpretation Sequence
        400800FF CS ReportProductionStatusTrial|Report Production Status (Trial)
        40080100 DA InterpretationRecordedDate|Interpretation Recorded Date
        40080101 TM InterpretationRecordedTime|Interpretation Recorded Time
        40080102 PN InterpretationRecorder|Interpretation Recorder
        40080103 LO ReferenceToRecordedSound|Reference to Recorded Sound
        40080108 DA InterpretationTranscriptionDate|Interpretation Transcription Date
        40080109 TM InterpretationTranscriptionTime|Interpretation Transcription Time
        4008010A PN InterpretationTranscriber|Interpretation Transcriber
        4008010B ST InterpretationText|Interpretation Text
        4008010C PN InterpretationAuthor|Interpretation Author
        40080111 SQ InterpretationApproverSequence|Interpretation Approver Sequence
        40080112 DA InterpretationApprovalDate|Interpretation Approval Date
        40080113 TM InterpretationApprovalTime|Interpretation Approval Time
        40080114 PN PhysicianApprovingInterpretation|Physician Approving Interpretation
        40080115 LT InterpretationDiagnosisDescription|Interpretation Diagnosis Description
        40080117 SQ InterpretationDiagnosisCodeSequence|Interpretation Diagnosis Code Sequence
        40080118 SQ ResultsDistributionListSequence|Results Distribution List Sequence
        40080119 PN DistributionName|Distribution Name
        4008011A LO DistributionAddress|Distribution Address
        40080200 SH InterpretationID|Interpretation ID
        40080202 LO InterpretationIDIssuer|Interpretation ID Issuer
        40080210 CS InterpretationTypeID|Interpretation Type ID
        40080212 CS InterpretationStatusID|Interpretation Status ID
        40080300 ST Impressions|Impressions
        40084000 ST ResultsComments|Results Comments
        40100001 CS LowEnergyDetectors|Low Energy Detectors
        40100002 CS HighEnergyDetectors|High Energy Detectors
        40100004 SQ DetectorGeometrySequence|Detector Geometry Sequence
        40101001 SQ ThreatROIVoxelSequence|Threat ROI Voxel Sequence
        40101004 FL ThreatROIBase|Threat ROI Base
        40101005 FL ThreatROIExtents|Threat ROI Extents
        40101006 OB ThreatROIBitmap|Threat ROI Bitmap
        40101007 SH RouteSegmentID|Route Segment ID
        40101008 CS GantryType|Gantry Type
        40101009 CS OOIOwnerType|OOI Owner Type
        4010100A SQ RouteSegmentSequence|Route Segment Sequence
        40101010 US PotentialThreatObjectID|Potential Threat Object ID
        40101011 SQ ThreatSequence|Threat Sequence
        40101012 CS ThreatCategory|Threat Category
        40101013 LT ThreatCategoryDescription|Threat Category Description
        40101014 CS ATDAbilityAssessment|ATD Ability Assessment
        40101015 CS ATDAssessmentFlag|ATD Assessment Flag
        40101016 FL ATDAssessmentProbability|ATD Assessment Probability
        40101017 FL Mass|Mass
        40101018 FL Density|Density
        40101019 FL ZEffective|Z Effective
        4010101A SH BoardingPassID|Boarding Pass ID
        4010101B FL CenterOfMass|Center of Mass
        4010101C FL CenterOfPTO|Center of PTO
        4010101D FL BoundingPolygon|Bounding Polygon
        4010101E SH RouteSegmentStartLocationID|Route Segment Start Location ID
        4010101F SH RouteSegmentEndLocationID|Route Segment End Location ID
        40101020 CS RouteSegmentLocationIDType|Route Segment Location ID Type
        40101021 CS AbortReason|Abort Reason
        40101023 FL VolumeOfPTO|Volume of PTO
        40101024 CS AbortFlag|Abort Flag
        40101025 DT RouteSegmentStartTime|Route Segment Start Time
        40101026 DT RouteSegmentEndTime|Route Segment End Time
        40101027 CS TDRType|TDR Type
        40101028 CS InternationalRouteSegment|International Route Segment
        40101029 LO ThreatDetectionAlgorithmAndVersion|Threat Detection Algorithm and Version
        4010102A SH AssignedLocation|Assigned Location
        4010102B DT AlarmDecisionTime|Alarm Decision Time
        40101031 CS AlarmDecision|Alarm Decision
        40101033 US NumberOfTotalObjects|Number of Total Objects
        40101034 US NumberOfAlarmObjects|Number of Alarm Objects
        40101037 SQ PTORepresentationSequence|PTO Representation Sequence
        40101038 SQ ATDAssessmentSequence|ATD Assessment Sequence
        40101039 CS TIPType|TIP Type
        4010103A CS DICOSVersion|DICOS Version
        40101041 DT OOIOwnerCreationTime|OOI Owner Creation Time
        40101042 CS OOIType|OOI Type
        40101043 FL OOISize|OOI Size
        40101044 CS AcquisitionStatus|Acquisition Status
        40101045 SQ BasisMaterialsCodeSequence|Basis Materials Code Sequence
        40101046 CS PhantomType|Phantom Type
        40101047 SQ OOIOwnerSequence|OOI Owner Sequence
        40101048 CS ScanType|Scan Type
        40101051 LO ItineraryID|Itinerary ID
        40101052 SH ItineraryIDType|Itinerary ID Type
        40101053 LO ItineraryIDAssigningAuthority|Itinerary ID Assigning Authority
        40101054 SH RouteID|Route ID
        40101055 SH RouteIDAssigningAuthority|Route ID Assigning Authority
        40101056 CS InboundArrivalType|Inbound Arrival Type
        40101058 SH CarrierID|Carrier ID
        40101059 CS CarrierIDAssigningAuthority|Carrier ID Assigning Authority
        40101060 FL SourceOrientation|Source Orientation
        40101061 FL SourcePosition|Source Position
        40101062 FL BeltHeight|Belt Height
        40101064 SQ AlgorithmRoutingCodeSequence|Algorithm Routing Code Sequence
        40101067 CS TransportClassification|Transport Classification
        40101068 LT OOITypeDescriptor|OOI Type Descriptor
        40101069 FL TotalProcessingTime|Total Processing Time
        4010106C OB DetectorCalibrationData|Detector Calibration Data
        4010106D CS AdditionalScreeningPerformed|Additional Screening Performed
        4010106E CS AdditionalInspectionSelectionCriteria|Additional Inspection Selection Criteria
        4010106F SQ AdditionalInspectionMethodSequence|Additional Inspection Method Sequence
        40101070 CS AITDeviceType|AIT Device Type
        40101071 SQ QRMeasurementsSequence|QR Measurements Sequence
        40101072 SQ TargetMaterialSequence|Target Material Sequence
        40101073 FD SNRThreshold|SNR Threshold
        40101075 DS ImageScaleRepresentation|Image Scale Representation
        40101076 SQ ReferencedPTOSequence|Referenced PTO Sequence
        40101077 SQ ReferencedTDRInstanceSequence|Referenced TDR Instance Sequence
        40101078 ST PTOLocationDescription|PTO Location Description
        40101079 SQ AnomalyLocatorIndicatorSequence|Anomaly Locator Indicator Sequence
        4010107A FL AnomalyLocatorIndicator|Anomaly Locator Indicator
        4010107B SQ PTORegionSequence|PTO Region Sequence
        4010107C CS InspectionSelectionCriteria|Inspection Selection Criteria
        4010107D SQ SecondaryInspectionMethodSequence|Secondary Inspection Method Sequence
        4010107E DS PRCSToRCSOrientation|PRCS to RCS Orientation
        4FFE0001 SQ MACParametersSequence|MAC Parameters Sequence
        52009229 SQ SharedFunctionalGroupsSequence|Shared Functional Groups Sequence
        52009230 SQ PerFrameFunctionalGroupsSequence|Per-Frame Functional Groups Sequence
        54000100 SQ WaveformSequence|Waveform Sequence
        54000110 OW ChannelMinimumValue|Channel Minimum Value
        54000112 OW ChannelMaximumValue|Channel Maximum Value
        54001004 US WaveformBitsAllocated|Waveform Bits Allocated
        54001006 CS WaveformSampleInterpretation|Waveform Sample Interpretation
        5400100A OW WaveformPaddingValue|Waveform Padding Value
        54001010 OW WaveformData|Waveform Data
        56000010 OF FirstOrderPhaseCorrectionAngle|First Order Phase Correction Angle
        56000020 OF SpectroscopyData|Spectroscopy Data
        7FE00001 OV ExtendedOffsetTable|Extended Offset Table
        7FE00002 OV ExtendedOffsetTableLengths|Extended Offset Table Lengths
        7FE00003 UV EncapsulatedPixelDataValueTotalLength|Encapsulated Pixel Data Value Total Length
        7FE00008 OF FloatPixelData|Float Pixel Data
        7FE00009 OD DoubleFloatPixelData|Double Float Pixel Data
        7FE00010 OW PixelData|Pixel Data
        7FE00020 OW CoefficientsSDVN|Coefficients SDVN
        7FE00030 OW CoefficientsSDHN|Coefficients SDHN
        7FE00040 OW CoefficientsSDDN|Coefficients SDDN
        FFFAFFFA SQ DigitalSignaturesSequence|Digital Signatures Sequence
        FFFCFFFC OB DataSetTrailingPadding|Data Set Trailing Padding
        FFFEE000 -- Item|Item
        FFFEE00D -- ItemDelimitationItem|Item Delimitation Item
        FFFEE0DD -- SequenceDelimitationItem|Sequence Delimitation Item
        """

    /// Repeating groups and elements: `x` stands for any hexadecimal digit.
    static let repeating: StaticString = """
        002031xx CS SourceImageIDs|Source Image IDs
        002804x0 US RowsForNthOrderCoefficients|Rows For Nth Order Coefficients
        002804x1 US ColumnsForNthOrderCoefficients|Columns For Nth Order Coefficients
        002804x2 LO CoefficientCoding|Coefficient Coding
        002804x3 AT CoefficientCodingPointers|Coefficient Coding Pointers
        002808x0 CS CodeLabel|Code Label
        002808x2 US NumberOfTables|Number of Tables
        002808x3 AT CodeTableLocation|Code Table Location
        002808x4 US BitsForCodeWord|Bits For Code Word
        002808x8 AT ImageDataLocation|Image Data Location
        1000xxx0 US EscapeTriplet|Escape Triplet
        1000xxx1 US RunLengthTriplet|Run Length Triplet
        1000xxx2 US HuffmanTableSize|Huffman Table Size
        1000xxx3 US HuffmanTableTriplet|Huffman Table Triplet
        1000xxx4 US ShiftTableSize|Shift Table Size
        1000xxx5 US ShiftTableTriplet|Shift Table Triplet
        1010xxxx US ZonalMap|Zonal Map
        50xx0005 US CurveDimensions|Curve Dimensions
        50xx0010 US NumberOfPoints|Number of Points
        50xx0020 CS TypeOfData|Type of Data
        50xx0022 LO CurveDescription|Curve Description
        50xx0030 SH AxisUnits|Axis Units
        50xx0040 SH AxisLabels|Axis Labels
        50xx0103 US DataValueRepresentation|Data Value Representation
        50xx0104 US MinimumCoordinateValue|Minimum Coordinate Value
        50xx0105 US MaximumCoordinateValue|Maximum Coordinate Value
        50xx0106 SH CurveRange|Curve Range
        50xx0110 US CurveDataDescriptor|Curve Data Descriptor
        50xx0112 US CoordinateStartValue|Coordinate Start Value
        50xx0114 US CoordinateStepValue|Coordinate Step Value
        50xx1001 CS CurveActivationLayer|Curve Activation Layer
        50xx2000 US AudioType|Audio Type
        50xx2002 US AudioSampleFormat|Audio Sample Format
        50xx2004 US NumberOfChannels|Number of Channels
        50xx2006 UL NumberOfSamples|Number of Samples
        50xx2008 UL SampleRate|Sample Rate
        50xx200A UL TotalTime|Total Time
        50xx200C OW AudioSampleData|Audio Sample Data
        50xx200E LT AudioComments|Audio Comments
        50xx2500 LO CurveLabel|Curve Label
        50xx2600 SQ CurveReferencedOverlaySequence|Curve Referenced Overlay Sequence
        50xx2610 US CurveReferencedOverlayGroup|Curve Referenced Overlay Group
        50xx3000 OW CurveData|Curve Data
        60xx0010 US OverlayRows|Overlay Rows
        60xx0011 US OverlayColumns|Overlay Columns
        60xx0012 US OverlayPlanes|Overlay Planes
        60xx0015 IS NumberOfFramesInOverlay|Number of Frames in Overlay
        60xx0022 LO OverlayDescription|Overlay Description
        60xx0040 CS OverlayType|Overlay Type
        60xx0045 LO OverlaySubtype|Overlay Subtype
        60xx0050 SS OverlayOrigin|Overlay Origin
        60xx0051 US ImageFrameOrigin|Image Frame Origin
        60xx0052 US OverlayPlaneOrigin|Overlay Plane Origin
        60xx0060 CS OverlayCompressionCode|Overlay Compression Code
        60xx0061 SH OverlayCompressionOriginator|Overlay Compression Originator
        60xx0062 SH OverlayCompressionLabel|Overlay Compression Label
        60xx0063 CS OverlayCompressionDescription|Overlay Compression Description
        60xx0066 AT OverlayCompressionStepPointers|Overlay Compression Step Pointers
        60xx0068 US OverlayRepeatInterval|Overlay Repeat Interval
        60xx0069 US OverlayBitsGrouped|Overlay Bits Grouped
        60xx0100 US OverlayBitsAllocated|Overlay Bits Allocated
        60xx0102 US OverlayBitPosition|Overlay Bit Position
        60xx0110 CS OverlayFormat|Overlay Format
        60xx0200 US OverlayLocation|Overlay Location
        60xx0800 CS OverlayCodeLabel|Overlay Code Label
        60xx0802 US OverlayNumberOfTables|Overlay Number of Tables
        60xx0803 AT OverlayCodeTableLocation|Overlay Code Table Location
        60xx0804 US OverlayBitsForCodeWord|Overlay Bits For Code Word
        60xx1001 CS OverlayActivationLayer|Overlay Activation Layer
        60xx1100 US OverlayDescriptorGray|Overlay Descriptor - Gray
        60xx1101 US OverlayDescriptorRed|Overlay Descriptor - Red
        60xx1102 US OverlayDescriptorGreen|Overlay Descriptor - Green
        60xx1103 US OverlayDescriptorBlue|Overlay Descriptor - Blue
        60xx1200 US OverlaysGray|Overlays - Gray
        60xx1201 US OverlaysRed|Overlays - Red
        60xx1202 US OverlaysGreen|Overlays - Green
        60xx1203 US OverlaysBlue|Overlays - Blue
        60xx1301 IS ROIArea|ROI Area
        60xx1302 DS ROIMean|ROI Mean
        60xx1303 DS ROIStandardDeviation|ROI Standard Deviation
        60xx1500 LO OverlayLabel|Overlay Label
        60xx3000 OW OverlayData|Overlay Data
        60xx4000 LT OverlayComments|Overlay Comments
        7Fxx0010 OW VariablePixelData|Variable Pixel Data
        7Fxx0011 US VariableNextDataGroup|Variable Next Data Group
        7Fxx0020 OW VariableCoefficientsSDVN|Variable Coefficients SDVN
        7Fxx0030 OW VariableCoefficientsSDHN|Variable Coefficients SDHN
        7Fxx0040 OW VariableCoefficientsSDDN|Variable Coefficients SDDN
        """
}
