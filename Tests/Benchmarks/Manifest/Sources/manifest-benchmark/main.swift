// Prints the milliseconds of processor time of: reading the headers of a study of 20,000 instances, and writing its manifest.
import DICOM
import Glibc
import KeyObjects

let count = 20_000
let root = "1.2.826.0.1.3680043.10.999.20260315.101500."

func header(_ number: Int) -> [UInt8] {
    var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
    writer.element(.specificCharacterSet, .CS, "ISO_IR 100")
    writer.element(.sopClassUID, SOPClassUID.ctImage)
    writer.element(.sopInstanceUID, InstanceUID(root + "\(number % 8).\(1_000_000 + number)"))
    writer.element(.studyDate, .DA, "20260315")
    writer.element(.studyTime, .TM, "101500")
    writer.element(.accessionNumber, .SH, "A2026001")
    writer.element(.modality, .CS, "CT")
    writer.element(.patientName, .PN, "EXEMPLE^ODETTE")
    writer.element(.patientID, .LO, "IPP0042")
    writer.element(.patientBirthDate, .DA, "19610203")
    writer.element(.patientSex, .CS, "F")
    writer.element(.studyInstanceUID, StudyUID(root + "1"))
    writer.element(.seriesInstanceUID, SeriesUID(root + "\(number % 8)"))
    writer.element(.seriesNumber, .IS, "\(number % 8 + 1)")
    writer.element(.instanceNumber, .IS, "\(number / 8 + 1)")
    return writer.finish()
}

func milliseconds<Result>(_ body: () throws -> Result) rethrows -> (Double, Result) {
    let start = processorTime()
    let result = try body()
    return (processorTime() - start, result)
}

func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
}

let headers = (0..<count).map(header)
let settings = ManifestSettings(profile: .xdsI, source: "benchmark")
var reading: [Double] = []
var writing: [Double] = []
var bytes = 0
for _ in 1...7 {
    let (read, content) = milliseconds {
        var builder = ManifestBuilder()
        for header in headers {
            _ = builder.add(header, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("PACS"))
        }
        return builder.content()
    }
    guard let content, content.instanceCount == count else { fatalError("not all instances are listed") }
    let (write, file) = try milliseconds {
        let manifest = try Manifest(of: content, settings: settings)
        return manifest.bytes(manifest.identity(at: 1_800_000_000) { _ in 60 })
    }
    reading.append(read)
    writing.append(write)
    bytes = file.count
}
print(reading.sorted()[3], writing.sorted()[3], bytes)
